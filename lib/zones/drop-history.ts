import { join, type Queryable, sql } from "@/lib/db/database";

/**
 * Drops every revision of some zones but the newest, their conflicts, and what is known of their way to the targets.
 * @param zoneIds a few hundred at most: all of it is one transaction
 */
export async function dropHistory(tx: Queryable, zoneIds: readonly number[]): Promise<void> {
  if (zoneIds.length === 0) return;
  const older = sql`
    SELECT r."seq" FROM "Revision" r JOIN "Zone" z ON z."id" = r."zoneId" WHERE r."zoneId" IN (${join([...zoneIds])}) AND r."seq" < z."changeSeq"`;
  await tx.$executeRaw(sql`DELETE FROM "Delivery" WHERE "seq" IN (${older})`);
  await tx.$executeRaw(sql`DELETE FROM "Revision" WHERE "seq" IN (${older})`);
  await tx.$executeRaw(sql`DELETE FROM "Conflict" WHERE "zoneId" IN (${join([...zoneIds])})`);
}
