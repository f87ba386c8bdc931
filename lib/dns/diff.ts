import type { RRset, Zone } from "./zone";
import { compareRRsets } from "./zone-build";

/** How one RRset differs. */
export interface RRsetDiff {
  readonly owner: string;
  readonly type: string;
  /** `null`: it was not there. */
  readonly before: RRset | null;
  /** `null`: it is gone. */
  readonly after: RRset | null;
}

/** The difference between two zones, in canonical order. Plain data. */
export interface ZoneDiff {
  /** RRsets that differ in records or TTL. The SOA is among them only when more than its serial differs. */
  readonly rrsets: readonly RRsetDiff[];
  /** The two serials, when both zones have a SOA and the serials differ; `null` otherwise. */
  readonly serial: { readonly before: number; readonly after: number } | null;
}

const EMPTY: readonly RRset[] = [];

/** Compares two zones; `null` stands for a zone that does not exist. One pass over both, as both are in canonical order. */
export function diffZones(before: Zone | null, after: Zone | null): ZoneDiff {
  const apex = (after ?? before)?.apex ?? ".";
  const [olds, news] = [before?.rrsets ?? EMPTY, after?.rrsets ?? EMPTY];
  const rrsets: RRsetDiff[] = [];
  for (let i = 0, j = 0; i < olds.length || j < news.length; ) {
    const [old, fresh] = [olds[i], news[j]];
    const order = !old ? 1 : !fresh ? -1 : compareRRsets(apex, old, fresh);
    if (order <= 0) i++;
    if (order >= 0) j++;
    const pair = { before: (order <= 0 && old) || null, after: (order >= 0 && fresh) || null };
    const known = pair.before ?? pair.after;
    if (known && !sameContent(pair.before, pair.after)) rrsets.push({ owner: known.owner, type: known.type, ...pair });
  }
  return { rrsets, serial: serialDiff(before, after) };
}

/** Whether the zones hold the same records and TTLs; their serials may differ (`diff.serial`). */
export function isEmptyDiff(diff: ZoneDiff): boolean {
  return diff.rrsets.length === 0;
}

/** The records of one RRset's difference. A change of TTL alone changes all of them and is told apart by `ttlChanged`. */
export function recordDiff(diff: RRsetDiff): { removed: string[]; added: string[]; ttlChanged: boolean } {
  const olds = new Set(diff.before?.rdatas);
  const news = new Set(diff.after?.rdatas);
  return {
    removed: [...olds].filter((rdata) => !news.has(rdata)),
    added: [...news].filter((rdata) => !olds.has(rdata)),
    ttlChanged: diff.before !== null && diff.after !== null && diff.before.ttl !== diff.after.ttl,
  };
}

/** Two SOA data that differ in nothing but the serial count as the same. */
export function sameSoa(a: string, b: string): boolean {
  return withoutSerial(a) === withoutSerial(b);
}

function withoutSerial(soa: string): string {
  return soa.split(" ").toSpliced(2, 1).join(" ");
}

function sameContent(a: RRset | null, b: RRset | null): boolean {
  if (a === b) return true;
  if (!a || !b || a.ttl !== b.ttl || a.rdatas.length !== b.rdatas.length) return false;
  if (a.type === "SOA" && a.rdatas.length === 1) return sameSoa(a.rdatas[0] ?? "", b.rdatas[0] ?? "");
  return a.rdatas.every((rdata, index) => rdata === b.rdatas[index]);
}

function serialDiff(before: Zone | null, after: Zone | null): ZoneDiff["serial"] {
  const [old, fresh] = [serialOf(before), serialOf(after)];
  return old === undefined || fresh === undefined || old === fresh ? null : { before: old, after: fresh };
}

function serialOf(zone: Zone | null): number | undefined {
  const first = zone?.rrsets[0];
  return first?.type === "SOA" ? Number(first.rdatas[0]?.split(" ")[2]) : undefined;
}
