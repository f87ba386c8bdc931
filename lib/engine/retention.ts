import type { Context } from "@/lib/context";
import { sql } from "@/lib/db/database";
import { takeSequence } from "@/lib/db/sequence";
import { readSettings } from "@/lib/settings/settings";
import { dropHistory } from "@/lib/zones/drop-history";

const DAY = 24 * 60 * 60_000;
/** Revisions are kept this long, and never fewer than the last KEPT of a zone. */
const REVISION_AGE_MS = 90 * DAY;
const KEPT = 20;
/** What people were told is kept as long. */
const NOTICE_AGE_MS = REVISION_AGE_MS;
/** So many servers write here at most in a usual cluster; whether anything is left of them is asked only when there are more. */
const USUAL_WRITERS = 100;
/** Rows dropped in one transaction, so that nobody waits for long. */
const SLICE = 500;

/** Drops what nobody needs any more, in small slices. @returns how many rows went; the caller goes on while a slice was full. */
export async function dropExpired(ctx: Context): Promise<number> {
  const now = ctx.clock.now();
  const { recycleBinDays } = await readSettings(ctx.db.client, "zones");
  const single = await dropSingle(ctx, now);
  const binned = await emptyBin(ctx, now - recycleBinDays * DAY);
  const notices = await dropNotices(ctx, now - NOTICE_AGE_MS);
  // What changed together is kept as long as revisions are.
  const sets = await dropChangeSets(ctx, now - REVISION_AGE_MS, now - DAY);
  const revisions = await dropRevisions(ctx, now - REVISION_AGE_MS);
  const writers = await dropWriters(ctx);
  return single + notices + sets + binned + revisions + writers;
}

/** What nothing else belongs to. A copy that lost is kept as long as revisions are. */
async function dropSingle(ctx: Context, now: number): Promise<number> {
  const before = (age: number) => ({ where: { at: { lt: BigInt(now - age) } } });
  return ctx.db.transaction(async (tx) => {
    const commands = await tx.seenCommand.deleteMany(before(DAY));
    const failures = await tx.signInFailure.deleteMany(before(60 * 60_000));
    const conflicts = await tx.conflict.deleteMany(before(REVISION_AGE_MS));
    return commands.count + failures.count + conflicts.count;
  }, "retention.single");
}

/** Empties the recycle bin of what has rested there long enough; the tombstones stay. */
async function emptyBin(ctx: Context, before: number): Promise<number> {
  return ctx.db.transaction(async (tx) => {
    // The conditions stand twice: on PostgreSQL a zone that is restored this moment is looked at again when its row is free, and only with the outer ones.
    const rests = sql`"deletedAt" < ${before} AND "purgedAt" IS NULL`;
    const due = await tx.$queryRaw<{ id: number | bigint }[]>(sql`
      UPDATE "Zone" SET "purgedAt" = ${ctx.clock.now()} WHERE ${rests} AND "id" IN (
        SELECT "id" FROM "Zone" WHERE ${rests} LIMIT ${SLICE}) RETURNING "id"`);
    await dropHistory(
      tx,
      due.map((zone) => Number(zone.id)),
    );
    return due.length;
  }, "retention.bin");
}

/** A revision goes when it is old, not among a zone's newest, and no target's acknowledgement still stands at it. */
async function dropRevisions(ctx: Context, before: number): Promise<number> {
  return ctx.db.transaction(async (tx) => {
    const dropped = await tx.$queryRaw<{ seq: bigint }[]>(sql`
      DELETE FROM "Revision" WHERE "seq" IN (
        SELECT r."seq" FROM "Revision" r
        WHERE r."createdAt" < ${before}
          AND (SELECT count(*) FROM "Revision" n WHERE n."zoneId" = r."zoneId" AND n."seq" > r."seq") >= ${KEPT}
          AND NOT EXISTS (SELECT 1 FROM "Conflict" c WHERE c."lostSeq" = r."seq")
          AND NOT EXISTS (SELECT 1 FROM "ZoneTarget" t WHERE t."zoneId" = r."zoneId" AND t."ackSeq" = r."seq")
        LIMIT ${SLICE}) RETURNING "seq"`);
    if (dropped.length > 0) await tx.delivery.deleteMany({ where: { seq: { in: dropped.map((row) => row.seq) } } });
    return dropped.length;
  }, "retention.revisions");
}

/** A change set goes when it is old, or was given up; one with revisions that are still kept (a zone's newest ones) can still be undone, and stays. */
async function dropChangeSets(ctx: Context, before: number, givenUpBefore: number): Promise<number> {
  return ctx.db.transaction(async (tx) => {
    const gone = await tx.$queryRaw<{ id: number | bigint }[]>(sql`
      DELETE FROM "ChangeSet" WHERE "id" IN (
        SELECT s."id" FROM "ChangeSet" s WHERE s."state" <> 'running'
          AND (s."createdAt" < ${before} OR (s."createdAt" < ${givenUpBefore} AND s."appliedAt" IS NULL))
          AND NOT EXISTS (SELECT 1 FROM "Revision" r WHERE r."changeSetId" = s."id") LIMIT ${SLICE}) RETURNING "id"`);
    const ids = gone.map(({ id }) => Number(id));
    if (ids.length > 0) await tx.changeItem.deleteMany({ where: { changeSetId: { in: ids } } });
    return ids.length;
  }, "retention.change-sets");
}

/** A notice goes when it is old and its episode is over. */
async function dropNotices(ctx: Context, before: number): Promise<number> {
  return ctx.db.transaction(async (tx) => {
    const old = await tx.notice.findMany({
      where: { raisedAt: { lt: BigInt(before) }, endedAt: { not: null } },
      select: { id: true },
      take: SLICE,
    });
    const ids = old.map(({ id }) => id);
    if (ids.length > 0) {
      await tx.noticeDelivery.deleteMany({ where: { noticeId: { in: ids } } });
      await tx.notice.deleteMany({ where: { id: { in: ids } } });
    }
    return ids.length;
  }, "retention.notices");
}

/** A writer goes when no revision and no mark is left of it: whoever may call can name itself anew each time. */
async function dropWriters(ctx: Context): Promise<number> {
  if ((await ctx.db.client.writer.count()) <= USUAL_WRITERS) return 0;
  return ctx.db.transaction(async (tx) => {
    // Zones are taken in under this lock: none comes in from a writer that is looked at here.
    await takeSequence(tx, 0);
    return tx.$executeRaw(sql`
      DELETE FROM "Writer" WHERE "id" IN (
        SELECT w."id" FROM "Writer" w LEFT JOIN (
          SELECT "writerId" AS "id" FROM "Revision" WHERE "writerId" IS NOT NULL
          UNION SELECT "contestedById" FROM "Zone" WHERE "contestedById" IS NOT NULL
          UNION SELECT "contestedOverId" FROM "Zone" WHERE "contestedOverId" IS NOT NULL
          UNION SELECT "writerId" FROM "Conflict" WHERE "writerId" IS NOT NULL) used ON used."id" = w."id"
        WHERE used."id" IS NULL LIMIT ${SLICE})`);
  }, "retention.writers");
}
