import { fromUserInput } from "./name";
import { formTextToPresentation } from "./rdata/form-text";
import { parseRdata } from "./rdata/registry";
import type { RRset, Zone } from "./zone";
import { sortRRsets } from "./zone-build";

/** Types whose value can be replaced in many zones, and which field of the data the value is; null: all of it. */
const VALUE_FIELD = { A: null, AAAA: null, CNAME: null, MX: 1, NS: null, PTR: null, SRV: 3, TXT: null } as const;

export type ReplaceableType = keyof typeof VALUE_FIELD;
export const REPLACEABLE_TYPES = Object.keys(VALUE_FIELD) as [ReplaceableType, ...ReplaceableType[]];

/** "An address moved": the value of every such record with `from` becomes `to`. Both canonical, as `canonicalValue` has them. */
export interface Replacement {
  readonly type: ReplaceableType;
  readonly from: string;
  readonly to: string;
  /** Seconds that the RRsets get in which the value was found; null: they keep theirs. */
  readonly ttl: number | null;
}

/**
 * A value as somebody typed it: an address, the name of a host (with or without the final dot, always absolute), or text.
 * @throws DnsSyntaxError
 */
export function canonicalValue(type: ReplaceableType, text: string): string {
  if (type === "TXT") return parseRdata(type, formTextToPresentation(text), ".");
  return type === "A" || type === "AAAA" ? parseRdata(type, text.trim(), ".") : fromUserInput(text);
}

/** Replaces the value in a zone. The preference of an MX record, and priority, weight and port of a SRV record, stay. @returns the zone, and how many records had it */
export function replaceValue(zone: Zone, { type, from, to, ttl }: Replacement): { zone: Zone; count: number } {
  let count = 0;
  const rrsets = zone.rrsets.map((rrset): RRset => {
    if (rrset.type !== type) return rrset;
    const rdatas = rrset.rdatas.map((rdata) => replaced(rdata, VALUE_FIELD[type], from, to));
    const found = rdatas.filter((rdata) => rdata !== null).length;
    if (found === 0) return rrset;
    count += found;
    const fresh = new Set(rdatas.map((rdata, index) => rdata ?? rrset.rdatas[index] ?? ""));
    return { ...rrset, ttl: ttl ?? rrset.ttl, rdatas: [...fresh].sort() };
  });
  return { zone: count === 0 ? zone : { apex: zone.apex, rrsets: sortRRsets(zone.apex, rrsets) }, count };
}

/** @returns null: this record has another value */
function replaced(rdata: string, field: number | null, from: string, to: string): string | null {
  if (field === null) return rdata === from ? to : null;
  const fields = rdata.split(" ");
  return fields[field] === from ? fields.toSpliced(field, 1, to).join(" ") : null;
}
