import { digestZone } from "@/lib/dns/digest";
import { type MergeConflict, mergeZones } from "@/lib/dns/merge";
import type { Zone } from "@/lib/dns/zone";

/** How an undo treats a zone. "plain": nothing came after; "merge": later edits of other records stay; "restore": as it was before, whatever came after. */
export type UndoMode = "plain" | "merge" | "restore";

/** What undoing a change of one zone would come to. A zone that is null is not there (in the recycle bin, or it never was). */
export type UndoVerdict =
  /** It is as it was before already. */
  | { readonly kind: "as-before" }
  /** It is as the change left it: back to what was before. */
  | { readonly kind: "plain"; readonly zone: Zone | null }
  /** Later edits touched other records: they stay. */
  | { readonly kind: "merge"; readonly zone: Zone }
  /** Later edits touched the same records, or the whole zone. */
  | { readonly kind: "overlap"; readonly before: Zone | null; readonly conflicts: readonly MergeConflict[] };

/** Serials left aside. */
function isSame(a: Zone | null, b: Zone | null): boolean {
  return a === null || b === null ? a === b : digestZone(a) === digestZone(b);
}

/** @param states the zone before the change, after it, and now */
export function undoZone({
  before,
  after,
  current,
}: Readonly<Record<"before" | "after" | "current", Zone | null>>): UndoVerdict {
  if (isSame(before, current)) return { kind: "as-before" };
  if (isSame(after, current)) return { kind: "plain", zone: before };
  if (!before || !after || !current) return { kind: "overlap", before, conflicts: [] };
  const { zone, conflicts } = mergeZones({ base: after, wanted: before, current });
  if (conflicts.length > 0) return { kind: "overlap", before, conflicts };
  return isSame(zone, current) ? { kind: "as-before" } : { kind: "merge", zone };
}
