import { type Queryable, sql } from "@/lib/db/database";
import { reachCondition } from "@/lib/members/reach";
import type { WaitingTarget } from "@/lib/members/waiting";
import { mergeRanges } from "@/lib/sync/merge-ranges";

type Figure = number | bigint;

/**
 * When the change was committed that waits longest for a target: the oldest in what its cursor leaves open (lib/sync/cursor) of which its row does not say that
 * it was accepted or set aside. A target that is down has everything in its backlog, since every try folds what is live. Changes from before it was a target
 * belong to its first synchronization and are left out. A range of the index of changes, read until the first that waits.
 * @param newest position of the newest change
 * @returns epoch milliseconds; null: nothing waits
 */
export async function oldestWaiting(
  db: Queryable,
  target: WaitingTarget & { readonly createdAt: bigint },
  newest: number,
): Promise<number | null> {
  const { targetId, reach, floorSeq, backlogSeq, seenSeq, createdAt } = target;
  const ranges = mergeRanges([
    [Number(floorSeq), Number(backlogSeq)],
    [Number(seenSeq), newest],
  ]);
  if (reach.kind === "none" || ranges.length === 0) return null;
  const former = await newestBefore(db, createdAt);
  for (const [after, upTo] of ranges) {
    if (upTo <= former) continue;
    // Joined in this order by SQLite, which would otherwise read every change since the target is one.
    const [row] = await db.$queryRaw<{ createdAt: Figure }[]>(sql`
      SELECT r."createdAt" FROM "Zone" z CROSS JOIN "Revision" r LEFT JOIN "ZoneTarget" zt ON zt."zoneId" = z."id" AND zt."targetId" = ${targetId}
      WHERE r."seq" = z."changeSeq" AND z."changeSeq" > ${Math.max(after, former)} AND z."changeSeq" <= ${upTo} AND r."createdAt" >= ${createdAt}
        AND ${reachCondition(reach)} AND ${isUnsent} ORDER BY z."changeSeq" LIMIT 1`);
    if (row) return Number(row.createdAt);
  }
  return null;
}

/** A deletion is only owed where the zone was sent. */
const isUnsent = sql`(zt."zoneId" IS NULL AND z."deletedAt" IS NULL
  OR zt."ackSeq" <> z."changeSeq" AND (zt."failedSeq" IS NULL OR zt."failedSeq" <> z."changeSeq"))`;

/** Position of a change that was committed right before an instant; 0: none was. */
async function newestBefore(db: Queryable, instant: bigint): Promise<number> {
  const [row] = await db.$queryRaw<{ seq: Figure }[]>(
    sql`SELECT "seq" FROM "Revision" WHERE "createdAt" < ${instant} ORDER BY "createdAt" DESC LIMIT 1`,
  );
  return Number(row?.seq ?? 0);
}
