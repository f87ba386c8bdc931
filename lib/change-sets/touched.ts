import { empty, type Queryable, sql } from "@/lib/db/database";

/** Whose zones are looked at; null: everybody's. */
export type Scope = number | null;

/** Revisions `r` of zones `z` that may be seen: a reseller's own zones, since they are their own; whose they were before is not told. */
export function seen(scope: Scope) {
  if (scope === null) return empty;
  return sql`AND z."ownerId" = ${scope} AND r."seq" >= z."ownedSinceSeq" AND r."kind" <> 'move'`;
}

/**
 * The zones of a change set as rows "Touched": "first" and "last" of its revisions, and "state": "undone" (by another set), "open" (nothing came after), "later"
 * (something did, the last of all being that the recycle bin was emptied).
 * @param zoneId only this one
 */
export function touchedZones(changeSetId: number, scope: Scope, zoneId?: number) {
  return sql`"Touched" AS (
    SELECT t."zoneId", t."first", t."last", z."name", z."changeSeq", z."recordCount", CASE
      WHEN EXISTS (SELECT 1 FROM "Revision" u WHERE u."zoneId" = t."zoneId" AND u."seq" > t."last"
        AND u."changeSetId" IN (SELECT s."id" FROM "ChangeSet" s WHERE s."undoOf" = ${changeSetId})) THEN 'undone'
      WHEN z."changeSeq" = t."last" AND z."purgedAt" IS NULL THEN 'open' ELSE 'later' END AS "state"
    FROM (SELECT r."zoneId", min(r."seq") AS "first", max(r."seq") AS "last" FROM "Revision" r JOIN "Zone" z ON z."id" = r."zoneId"
      WHERE r."changeSetId" = ${changeSetId} ${zoneId === undefined ? empty : sql`AND r."zoneId" = ${zoneId}`} ${seen(scope)} GROUP BY r."zoneId") t
    JOIN "Zone" z ON z."id" = t."zoneId")`;
}

export type TouchedState = "open" | "later" | "undone";

/** How many zones of a change set are in which state. */
export async function countTouched(
  db: Queryable,
  changeSetId: number,
  scope: Scope,
): Promise<Record<TouchedState, number>> {
  const rows = await db.$queryRaw<{ state: TouchedState; n: number | bigint }[]>(
    sql`WITH ${touchedZones(changeSetId, scope)} SELECT "state", count(*) AS "n" FROM "Touched" GROUP BY "state"`,
  );
  const counts = { open: 0, later: 0, undone: 0 };
  for (const { state, n } of rows) counts[state] = Number(n);
  return counts;
}
