import { DnsSyntaxError } from "@/lib/dns/errors";
import { absoluteName, isSubdomain, parseName, toUnicode } from "@/lib/dns/name";
import { parseRdata, rdataType, typeCode, typeName } from "@/lib/dns/rdata/registry";
import { parseTtl } from "@/lib/dns/ttl";
import type { ZoneRecord } from "@/lib/dns/zone-build";

/** What stands in the record form. */
export interface RecordInput {
  /** Relative to the zone, or a whole name. */
  readonly owner: string;
  /** Mnemonic; for a type without a form of its own TYPEn. */
  readonly type: string;
  readonly ttl: string;
  /** By field of the type; `""` holds the RFC 3597 text of a type without fields. */
  readonly values: Readonly<Record<string, string>>;
}

/** Which part of the form a problem belongs to. */
export type RecordField = "owner" | "type" | "ttl" | "data";

export type RecordReading =
  | { readonly ok: true; readonly record: ZoneRecord }
  | { readonly ok: false; readonly field: RecordField; readonly message: string };

/** The key of the only value of a type that has no fields. */
export const GENERIC = "";

/**
 * Reads the form. Names that end with the zone's own name are whole names, with or without the final dot: nobody means www.example.com.example.com.
 */
export function readRecord(input: RecordInput, apex: string): RecordReading {
  let field: RecordField = "owner";
  try {
    const owner = absoluteName(completeName(input.owner.trim(), apex), apex);
    if (!isSubdomain(owner, apex))
      return {
        ok: false,
        field,
        message: `${toUnicode(owner)} is not in this zone. Enter a name such as www, or @ for the zone itself.`,
      };
    field = "type";
    const type = typeName(typeCode(input.type.trim()));
    field = "ttl";
    const ttl = parseTtl(input.ttl.trim());
    field = "data";
    const rdata = parseRdata(type, rdataText(type, input.values, apex), apex);
    return { ok: true, record: { owner, type, ttl, rdata } };
  } catch (error) {
    if (!(error instanceof DnsSyntaxError)) throw error;
    return { ok: false, field, message: error.message };
  }
}

function rdataText(type: string, values: Readonly<Record<string, string>>, apex: string): string {
  const known = rdataType(type);
  if (!known) return (values[GENERIC] ?? "").trim();
  const completed = { ...values };
  for (const field of known.fields)
    if (field.kind === "name") completed[field.name] = completeName((values[field.name] ?? "").trim(), apex);
  return known.join(completed);
}

/** Gives a name that ends with the zone's own name its final dot. */
export function completeName(text: string, apex: string): string {
  if (text === "" || text === "@" || text.endsWith(".") || apex === ".") return text;
  try {
    const whole = parseName(`${text}.`);
    return isSubdomain(whole, apex) ? whole : text;
  } catch (error) {
    // What is wrong with it is said when the form is read.
    if (error instanceof DnsSyntaxError) return text;
    throw error;
  }
}

/** A name that looks like a whole one and would be completed with the zone's: what it becomes. Null when there is no doubt. */
export function doubtfulName(text: string, apex: string): string | null {
  const name = text.trim();
  if (!/[^.]\.[^.]/.test(name) || completeName(name, apex).endsWith(".")) return null;
  try {
    return absoluteName(name, apex);
  } catch (error) {
    if (error instanceof DnsSyntaxError) return null;
    throw error;
  }
}

/** The form for a record that exists. */
export function inputOf(record: ZoneRecord, displayOwner: string): RecordInput {
  const known = rdataType(record.type);
  return {
    owner: displayOwner,
    type: record.type,
    ttl: String(record.ttl),
    values: known ? known.split(record.rdata) : { [GENERIC]: record.rdata },
  };
}
