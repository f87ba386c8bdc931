import { compareNames } from "./name";
import type { RRset, Zone } from "./zone";

/** One record, as files, transfers and forms have them. All canonical, as in {@link RRset}. */
export interface ZoneRecord {
  readonly owner: string;
  /** Seconds. */
  readonly ttl: number;
  readonly type: string;
  readonly rdata: string;
}

/** What `makeZone` had to reconcile. `record` is the one that gave way. */
export interface BuildNote<Source extends ZoneRecord = ZoneRecord> {
  readonly code: "duplicate-record" | "rrset-ttl-differs";
  readonly record: Source;
  /** Of "rrset-ttl-differs": the TTL that the RRset has in the end. */
  readonly ttl: number;
}

interface Group<Source> {
  owner: string;
  type: string;
  ttl: number;
  records: Source[];
}

/**
 * A zone from records in any order: grouped to RRsets, sorted, without duplicates. Where TTLs of one RRset differ, the lowest one holds for all
 * of it (RFC 2181 §5.2 lets receivers do so): the outcome does not depend on the order, unlike nameservers' "first one wins".
 * @param report is told about every duplicate and every differing TTL.
 */
export function makeZone<Source extends ZoneRecord>(
  apex: string,
  records: Iterable<Source>,
  report?: (note: BuildNote<Source>) => void,
): Zone {
  const groups = new Map<string, Group<Source>>();
  for (const record of records) {
    const key = `${record.owner} ${record.type}`;
    const group = groups.get(key);
    if (group) {
      group.records.push(record);
      if (record.ttl < group.ttl) group.ttl = record.ttl;
    } else groups.set(key, { owner: record.owner, type: record.type, ttl: record.ttl, records: [record] });
  }
  const rrsets: RRset[] = [];
  for (const group of groups.values()) rrsets.push(finishGroup(group, report));
  return { apex, rrsets: sortRRsets(apex, rrsets) };
}

function finishGroup<Source extends ZoneRecord>(
  { owner, type, ttl, records }: Group<Source>,
  report?: (note: BuildNote<Source>) => void,
): RRset {
  const [only] = records;
  if (records.length === 1 && only) return { owner, type, ttl, rdatas: [only.rdata] };
  const seen = new Set<string>();
  for (const record of records) {
    if (seen.has(record.rdata)) report?.({ code: "duplicate-record", record, ttl });
    else if (record.ttl !== ttl) report?.({ code: "rrset-ttl-differs", record, ttl });
    seen.add(record.rdata);
  }
  return { owner, type, ttl, rdatas: [...seen].sort() };
}

/** The order of {@link Zone.rrsets}: the apex first and its SOA before everything, then names by RFC 4034 §6.1, then types by name. */
export function compareRRsets(apex: string, a: RRset, b: RRset): number {
  if (a.owner === b.owner) {
    if (a.type === b.type) return 0;
    if (a.owner === apex && (a.type === "SOA" || b.type === "SOA")) return a.type === "SOA" ? -1 : 1;
    return a.type < b.type ? -1 : 1;
  }
  if (a.owner === apex) return -1;
  if (b.owner === apex) return 1;
  return compareNames(a.owner, b.owner);
}

/** Sorts in place; a list that is in order already, the usual case, costs one pass. */
export function sortRRsets(apex: string, rrsets: RRset[]): RRset[] {
  for (let at = 1; at < rrsets.length; at++) {
    const [before, after] = [rrsets[at - 1], rrsets[at]];
    if (before && after && compareRRsets(apex, before, after) > 0)
      return rrsets.sort((a, b) => compareRRsets(apex, a, b));
  }
  return rrsets;
}

/** Every record of the zone, in canonical order. */
export function* zoneRecords(zone: Zone): Generator<ZoneRecord> {
  for (const { owner, ttl, type, rdatas } of zone.rrsets) {
    for (const rdata of rdatas) yield { owner, ttl, type, rdata };
  }
}

/** The fields of a SOA record, RFC 1035 §3.3.13. Times in seconds. */
export interface Soa {
  readonly mname: string;
  readonly rname: string;
  readonly serial: number;
  readonly refresh: number;
  readonly retry: number;
  readonly expire: number;
  readonly minimum: number;
  readonly ttl: number;
}

/**
 * The SOA of a zone.
 * @throws RangeError when the zone has none; a zone without errors (`validateZone`) has one.
 */
export function soaOf(zone: Zone): Soa {
  const rrset = soaRRset(zone);
  const rdata = rrset?.rdatas[0];
  if (!rrset || rdata === undefined) throw new RangeError(`The zone ${zone.apex} has no SOA record.`);
  const [mname = "", rname = "", ...numbers] = rdata.split(" ");
  const [serial = 0, refresh = 0, retry = 0, expire = 0, minimum = 0] = numbers.map(Number);
  return { mname, rname, serial, refresh, retry, expire, minimum, ttl: rrset.ttl };
}

/** Canonical SOA data. */
export function soaRdata(soa: Omit<Soa, "ttl">): string {
  return `${soa.mname} ${soa.rname} ${soa.serial} ${soa.refresh} ${soa.retry} ${soa.expire} ${soa.minimum}`;
}

/** The same zone with another SOA serial. @throws RangeError when it has no SOA. */
export function withSerial(zone: Zone, serial: number): Zone {
  const rdata = soaRdata({ ...soaOf(zone), serial });
  return {
    ...zone,
    rrsets: zone.rrsets.map((rrset) => (rrset === soaRRset(zone) ? { ...rrset, rdatas: [rdata] } : rrset)),
  };
}

function soaRRset(zone: Zone): RRset | undefined {
  const [first] = zone.rrsets;
  return first?.type === "SOA" && first.owner === zone.apex ? first : undefined;
}
