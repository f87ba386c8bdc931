import { recordDiff, type ZoneDiff } from "@/lib/dns/diff";

/** Why a step waits for somebody to say yes to it. */
export type PlanMark =
  /** It deletes or changes a large part of a zone. */
  | "large-change"
  /** It changes or removes NS records at the apex. */
  | "apex-ns"
  /** It overwrites a copy that is newer (Write-only). */
  | "overwrites-newer"
  /** The member suddenly holds far fewer zones than it is known to have had. */
  | "few-zones"
  /** The plan takes more zones away than may go without a second look. */
  | "many-removals"
  /** It removes a copy that the member may have of its own: it is no nameserver only, and never got it from here. */
  | "own-zone";

/** From how many records on a zone's share of changes is looked at, and from what share on it is marked. */
const LARGE_ZONE = 10;
const LARGE_SHARE = 0.3;

/** From how many zones on a member's loss is looked at, and what share of them it may lack. */
const MANY_ZONES = 10;
const LOST_SHARE = 0.3;

/**
 * What about a difference is dangerous.
 * @param diff from the copy that goes to the one that comes
 * @param recordsBefore records of the copy that goes, its SOA included
 */
export function diffMarks(apex: string, diff: ZoneDiff, recordsBefore: number): PlanMark[] {
  const marks: PlanMark[] = [];
  let gone = 0;
  for (const rrset of diff.rrsets) {
    const { removed, ttlChanged } = recordDiff(rrset);
    gone += ttlChanged ? (rrset.before?.rdatas.length ?? 0) : removed.length;
  }
  if (recordsBefore >= LARGE_ZONE && gone > recordsBefore * LARGE_SHARE) marks.push("large-change");
  if (diff.rrsets.some(({ owner, type, before }) => owner === apex && type === "NS" && before !== null))
    marks.push("apex-ns");
  return marks;
}

/**
 * Whether a member lost so many zones that somebody should look at it before anything is done.
 * @param known zones that it is known to have held
 * @param held how many of them it lists now
 */
export function hasLostZones(known: number, held: number): boolean {
  return known >= MANY_ZONES && known - held > known * LOST_SHARE;
}
