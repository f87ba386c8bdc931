import { type Queryable, sql } from "@/lib/db/database";
import type { Reach } from "@/lib/sync/reach";
import type { Target } from "@/prisma/generated/sqlite/client";
import { reachCondition, readReaches } from "./reach";

/** The part of a target's row that says how far it is. */
type Cursor = Pick<Target, "id" | "floorSeq" | "backlogSeq" | "seenSeq">;

/** Zones that were not sent yet, and those that failed: two open intervals of the cursor (lib/sync/cursor), nothing to count when all is sent. */
export async function countBacklog(
  db: Queryable,
  { id, floorSeq, backlogSeq, seenSeq }: Cursor,
  reach: Reach,
): Promise<{ waiting: number; setAside: number }> {
  const [counts] = await db.$queryRaw<Record<"waiting" | "setAside", number | bigint>[]>(sql`
    SELECT (SELECT count(*) FROM "Zone" z WHERE z."changeSeq" > ${seenSeq} AND ${reachCondition(reach)})
        + (SELECT count(*) FROM "Zone" z WHERE z."changeSeq" > ${floorSeq} AND z."changeSeq" <= ${backlogSeq} AND ${reachCondition(reach)}) AS "waiting",
      (SELECT count(*) FROM "ZoneTarget" zt WHERE zt."targetId" = ${id} AND zt."retryAt" IS NOT NULL) AS "setAside"`);
  return { waiting: Number(counts?.waiting ?? 0), setAside: Number(counts?.setAside ?? 0) };
}

/** Changes that were not sent yet, several of one zone counted each. */
export async function countChanges(
  db: Queryable,
  { floorSeq, backlogSeq, seenSeq }: Cursor,
  reach: Reach,
): Promise<number> {
  const [row] = await db.$queryRaw<{ count: number | bigint }[]>(sql`
    SELECT count(*) AS "count" FROM "Revision" r JOIN "Zone" z ON z."id" = r."zoneId"
    WHERE (r."seq" > ${seenSeq} OR (r."seq" > ${floorSeq} AND r."seq" <= ${backlogSeq})) AND ${reachCondition(reach)}`);
  return Number(row?.count ?? 0);
}

/** Zones that a member lacks in their newest form; 0 for one to which nothing is sent. */
export async function waitingZones(db: Queryable, memberId: number): Promise<number> {
  const target = await db.target.findUnique({ where: { memberId } });
  const reach = (await readReaches(db, memberId)).get(memberId)?.reach;
  return target && reach ? (await countBacklog(db, target, reach)).waiting : 0;
}
