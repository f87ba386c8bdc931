import { diffZones, type RRsetDiff, recordDiff, sameSoa } from "./diff";
import type { RRset, Zone } from "./zone";
import { sortRRsets } from "./zone-build";

/** An RRset that both sides changed, so that no third one has both changes. `null`: there is none on that side. */
export interface MergeConflict {
  readonly owner: string;
  readonly type: string;
  readonly base: RRset | null;
  readonly wanted: RRset | null;
  readonly current: RRset | null;
}

/** What two changes of one zone started from, and where each of them led. */
export interface ThreeWays {
  readonly base: Zone;
  /** Where the change leads that is to be made. */
  readonly wanted: Zone;
  /** Where another change, which stays, has led. */
  readonly current: Zone;
}

const keyOf = ({ owner, type }: { owner: string; type: string }): string => `${owner} ${type}`;

/** Of these an RRset has one record only: two changes of it never go together. */
const SINGLE = new Set(["SOA", "CNAME", "DNAME"]);

/**
 * Makes the change from `base` to `wanted` in `current`, three ways and by record: records that only one side touched are as that side left them, and
 * within an RRset that both touched records come and go one by one as long as all three have the RRset.
 * @returns the zone with every RRset that could be merged, those in conflict as they are in `current`. Its serial is the one of `current`. It is not
 *   checked as a whole: a name may have got a CNAME from one side and an address from the other.
 */
export function mergeZones({ base, wanted, current }: ThreeWays): { zone: Zone; conflicts: MergeConflict[] } {
  const theirs = new Map(diffZones(base, current).rrsets.map((entry) => [keyOf(entry), entry]));
  const touched = new Map<string, RRset | null>();
  const conflicts: MergeConflict[] = [];
  for (const ours of diffZones(base, wanted).rrsets) {
    const key = keyOf(ours);
    const merged = mergeRRset(ours, theirs.get(key));
    if (merged !== "conflict") touched.set(key, merged);
    else {
      const { owner, type, before, after } = ours;
      conflicts.push({ owner, type, base: before, wanted: after, current: theirs.get(key)?.after ?? null });
    }
  }
  const rrsets = current.rrsets.filter((rrset) => !touched.has(keyOf(rrset)));
  const soa = current.rrsets[0];
  for (const rrset of touched.values()) if (rrset) rrsets.push(rrset.type === "SOA" ? withSerialOf(rrset, soa) : rrset);
  return { zone: { apex: current.apex, rrsets: sortRRsets(current.apex, rrsets) }, conflicts };
}

function mergeRRset(ours: RRsetDiff, theirs: RRsetDiff | undefined): RRset | null | "conflict" {
  if (!theirs) return ours.after;
  if (sameRRset(ours.after, theirs.after)) return theirs.after;
  const { before: base, after: wanted, type } = ours;
  const { after: current } = theirs;
  if (!base || !wanted || !current || SINGLE.has(type)) return "conflict";
  const { removed, added } = recordDiff(ours);
  const left = new Set(current.rdatas);
  // What is to go, somebody else has changed already.
  if (removed.some((rdata) => !left.has(rdata))) return "conflict";
  const ttl = mergeTtl(base.ttl, wanted.ttl, current.ttl);
  if (ttl === null) return "conflict";
  for (const rdata of removed) left.delete(rdata);
  for (const rdata of added) left.add(rdata);
  return left.size === 0 ? null : { owner: current.owner, type, ttl, rdatas: [...left].sort() };
}

function mergeTtl(base: number, wanted: number, current: number): number | null {
  if (wanted === base || wanted === current) return current;
  return current === base ? wanted : null;
}

function sameRRset(a: RRset | null, b: RRset | null): boolean {
  if (!a || !b) return a === b;
  if (a.ttl !== b.ttl || a.rdatas.length !== b.rdatas.length) return false;
  if (a.type === "SOA") return sameSoa(a.rdatas[0] ?? "", b.rdatas[0] ?? "");
  return a.rdatas.every((rdata, index) => rdata === b.rdatas[index]);
}

function withSerialOf(soa: RRset, current: RRset | undefined): RRset {
  const serial = current?.rdatas[0]?.split(" ")[2];
  const [rdata] = soa.rdatas;
  if (serial === undefined || rdata === undefined) return soa;
  return { ...soa, rdatas: [rdata.split(" ").toSpliced(2, 1, serial).join(" ")] };
}

/**
 * Whether nothing of a change is lost in another copy: it has what the change added, and nothing of what it removed. A copy that was made from the changed
 * one has all of it.
 */
export function holdsChange(copy: Zone, base: Zone | null, changed: Zone): boolean {
  const held = new Map(copy.rrsets.map((rrset) => [keyOf(rrset), rrset]));
  return diffZones(base, changed).rrsets.every((entry) => {
    const there = held.get(keyOf(entry)) ?? null;
    if (entry.type === "SOA") return sameRRset(there, entry.after);
    const { removed, added, ttlChanged } = recordDiff(entry);
    const rdatas = new Set(there?.rdatas);
    if (added.some((rdata) => !rdatas.has(rdata)) || removed.some((rdata) => rdatas.has(rdata))) return false;
    return !ttlChanged || there?.ttl === entry.after?.ttl;
  });
}
