import { join, type Queryable, sql } from "@/lib/db/database";
import { mergeRanges, type Range } from "@/lib/sync/merge-ranges";
import type { Reach } from "@/lib/sync/reach";
import { reachCondition, readReaches } from "./reach";

/** A target's position in the change sequence (lib/sync/cursor), as its row says it, and the zones that it is to have. */
export interface WaitingTarget {
  readonly targetId: number;
  readonly floorSeq: bigint;
  readonly backlogSeq: bigint;
  readonly seenSeq: bigint;
  readonly reach: Reach;
}

type Figure = number | bigint;

/**
 * How many zones have a change that waits for one of these targets or more, each counted once: the one definition behind every "waiting" that is shown. A zone
 * that a target is not to have does not wait for it. Reads the ranges of the change sequence that are open, and nothing when none is.
 */
export async function countWaiting(db: Queryable, targets: readonly WaitingTarget[]): Promise<number> {
  const [newest] = await db.$queryRaw<{ seq: Figure | null }[]>(sql`SELECT max("changeSeq") AS "seq" FROM "Zone"`);
  const open = openRanges(targets, Number(newest?.seq ?? 0));
  const parts = [...open.others].map(
    ({ reach, ranges }) =>
      sql`SELECT z."id" FROM "Zone" z WHERE ${reachCondition(reach)} AND (${join(
        ranges.map(([after, upTo]) => sql`(z."changeSeq" > ${after} AND z."changeSeq" <= ${upTo})`),
        " OR ",
      )})`,
  );
  // A row an account rather than a term: there may be more accounts than a statement takes terms.
  const rows = open.accounts.flatMap(({ ownerId, ranges }) =>
    ranges.map(
      // PostgreSQL does not infer the types of parameters in a VALUES list.
      ([after, upTo]) => sql`(CAST(${ownerId} AS INTEGER), CAST(${after} AS BIGINT), CAST(${upTo} AS BIGINT))`,
    ),
  );
  if (rows.length > 0)
    parts.push(sql`
      SELECT z."id" FROM (SELECT "column1" AS "ownerId", "column2" AS "after", "column3" AS "upTo" FROM (VALUES ${join(rows)}) v) a
      JOIN "Zone" z ON z."ownerId" = a."ownerId" AND z."changeSeq" > a."after" AND z."changeSeq" <= a."upTo"`);
  if (parts.length === 0) return 0;
  const [counted] = await db.$queryRaw<{ n: Figure }[]>(sql`SELECT count(*) AS "n" FROM (${join(parts, " UNION ")}) w`);
  return Number(counted?.n ?? 0);
}

interface Open {
  readonly accounts: readonly { readonly ownerId: number; readonly ranges: readonly Range[] }[];
  readonly others: readonly { readonly reach: Reach; readonly ranges: readonly Range[] }[];
}

/** What is open at targets with the same reach, taken together. */
function openRanges(targets: readonly WaitingTarget[], newest: number): Open {
  const groups = new Map<string, { reach: Reach; ranges: Range[] }>();
  for (const { reach, floorSeq, backlogSeq, seenSeq } of targets) {
    const key = JSON.stringify(reach);
    const group = groups.get(key) ?? { reach, ranges: [] };
    group.ranges.push([Number(floorSeq), Number(backlogSeq)], [Number(seenSeq), newest]);
    groups.set(key, group);
  }
  const merged = [...groups.values()]
    .map(({ reach, ranges }) => ({ reach, ranges: mergeRanges(ranges) }))
    .filter(({ reach, ranges }) => reach.kind !== "none" && ranges.length > 0);
  return {
    accounts: merged.flatMap(({ reach, ranges }) =>
      reach.kind === "account" ? [{ ownerId: reach.ownerId, ranges }] : [],
    ),
    others: merged.filter(({ reach }) => reach.kind !== "account"),
  };
}

/** Changes that were not sent to a target yet, several of one zone counted each. */
export async function countChanges(
  db: Queryable,
  { floorSeq, backlogSeq, seenSeq, reach }: WaitingTarget,
): Promise<number> {
  const [row] = await db.$queryRaw<{ count: Figure }[]>(sql`
    SELECT count(*) AS "count" FROM "Revision" r JOIN "Zone" z ON z."id" = r."zoneId"
    WHERE (r."seq" > ${seenSeq} OR (r."seq" > ${floorSeq} AND r."seq" <= ${backlogSeq})) AND ${reachCondition(reach)}`);
  return Number(row?.count ?? 0);
}

/** Zones that a member lacks in their newest form; 0 for one to which nothing is sent. */
export async function waitingZones(db: Queryable, memberId: number): Promise<number> {
  const target = await db.target.findUnique({ where: { memberId } });
  const reach = (await readReaches(db, memberId)).get(memberId)?.reach;
  return target && reach ? countWaiting(db, [{ ...target, targetId: target.id, reach }]) : 0;
}

/** How many zones were set aside at each of these targets, to be tried again one by one; those without any are left out. */
export async function countSetAside(db: Queryable, targetIds: readonly number[]): Promise<Map<number, number>> {
  if (targetIds.length === 0) return new Map();
  // One range of (targetId, retryAt) a target; as a join, SQLite would read that index from end to end.
  const rows = await db.$queryRaw<{ id: Figure; n: Figure }[]>(sql`
    SELECT t."id", (SELECT count(*) FROM "ZoneTarget" zt WHERE zt."targetId" = t."id" AND zt."retryAt" > 0) AS "n"
    FROM "Target" t WHERE t."id" IN (${join([...targetIds])})`);
  return new Map(rows.map(({ id, n }) => [Number(id), Number(n)]));
}
