import { mailboxToName } from "@/lib/dns/mailbox";
import { parseRdata, rdataType } from "@/lib/dns/rdata/registry";
import type { RdataField } from "@/lib/dns/rdata/type";
import type { ZoneRecord } from "@/lib/dns/zone-build";
import { AppError } from "@/lib/errors";

/** Record data as `dumpzone`, `addzonerecord` and their kin have it: one named argument a field. */

/** WHM's names of fields, where ours differ. Types that WHM has no words for go by ours. */
const WHM_NAMES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  NS: { target: "nsdname" },
  CNAME: { target: "cname" },
  PTR: { target: "ptrdname" },
  DNAME: { target: "dname" },
  TXT: { text: "txtdata" },
  SPF: { text: "txtdata" },
  CAA: { flags: "flag" },
  DS: { keyTag: "keytag", digestType: "digtype" },
  RP: { mailbox: "mbox", text: "txtdname" },
};

const whmName = (type: string, field: RdataField) => WHM_NAMES[type]?.[field.name] ?? field.name;
const isName = ({ kind }: RdataField) => kind === "name" || kind === "mailbox";

/** One record of `dumpzone`. @param line counted from 1 */
export function wireRecord({ owner, ttl, type, rdata }: ZoneRecord, line: number): Record<string, string | number> {
  return { Line: line, name: owner, class: "IN", ttl, type, ...wireFields(type, rdata) };
}

function wireFields(type: string, rdata: string): Record<string, string> {
  const known = rdataType(type);
  if (!known) return { rdata };
  const values = known.split(rdata);
  return Object.fromEntries(
    known.fields.map((field) => {
      const value = values[field.name] ?? "";
      return [whmName(type, field), isName(field) ? withoutDot(value) : value];
    }),
  );
}

/**
 * WHM shows names in data without their final dot and takes them back so. A name of one label keeps it: without, it could not be told from one that
 * is meant to be completed with the zone's.
 */
function withoutDot(value: string): string {
  const name = value.includes("@") ? mailboxToName(value) : value;
  return /[^.]\..*\.$/.test(name) ? name.slice(0, -1) : name;
}

/**
 * Canonical data of a record from WHM's arguments.
 * @param argument gives an argument's value; undefined: it was not given
 * @param before the record's data so far, whose fields stay where none is given; null for a new record
 * @throws AppError "invalid-input" when a field is missing; DnsSyntaxError for a value that is none
 */
export function rdataOfFields(
  type: string,
  apex: string,
  argument: (name: string) => string | undefined,
  before: string | null,
): string {
  const known = rdataType(type);
  if (!known) {
    const given = argument("rdata") ?? before;
    if (given === null) throw new AppError("invalid-input", "The argument “rdata” is missing.");
    return parseRdata(type, given, apex);
  }
  const old = before === null ? null : known.split(before);
  const values: Record<string, string> = {};
  let isChanged = false;
  for (const field of known.fields) {
    const given = argument(whmName(type, field));
    const value = given === undefined ? old?.[field.name] : isName(field) ? withDot(given) : given;
    if (value === undefined && !field.optional)
      throw new AppError("invalid-input", `The argument “${whmName(type, field)}” is missing.`);
    values[field.name] = value ?? "";
    isChanged ||= given !== undefined;
  }
  return before !== null && !isChanged ? before : parseRdata(type, known.join(values), apex);
}

/** A name of several labels is a whole one, with or without the dot: the inverse of {@link withoutDot}. */
function withDot(given: string): string {
  return given.includes(".") && !given.endsWith(".") && !given.includes("@") ? `${given}.` : given;
}
