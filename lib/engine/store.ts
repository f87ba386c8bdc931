import type { Context } from "@/lib/context";
import { empty, join, type RawQueryable, sql } from "@/lib/db/database";
import { currentSequence } from "@/lib/db/sequence";
import type { RemoteZone } from "@/lib/drivers/driver";
import type { FaultStep } from "@/lib/fault-points";
import { reachCondition, reachDigest } from "@/lib/members/reach";
import { SANE_WAIT_MS, TARGET_KINDS } from "@/lib/sync/policy";
import {
  type AcceptedZone,
  type DueZone,
  LeaseLost,
  type SetAsideZone,
  type StepRecord,
  type SyncStore,
  type TargetFailure,
  type TargetState,
  type Verified,
} from "@/lib/sync/ports";
import { PROBLEM_GRACE_MS } from "@/lib/sync/problem";
import { type DueRow, dueQuery, dueZone } from "./due-zones";
import { isContentOther, problemColumns } from "./proof/problem-columns";

/** Rows in one statement: SQLite takes 32,766 parameters, and holds up the event loop while it runs one. */
const ROWS = 250;

function* chunks<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let at = 0; at < items.length; at += ROWS) yield items.slice(at, at + ROWS);
}

/**
 * The reconciler's state in the database.
 * @param owner this engine's name on leases: every writing method first proves that the target's lease is still its own
 */
export function databaseStore(ctx: Context, owner: string): SyncStore {
  const db = ctx.db.client;

  /**
   * A transaction that begins with a write to our lease row, so that it waits for, or is refused by, an engine that took over. What it stores would be
   * found out again, so that it need not wait for the disk.
   */
  const fenced = <T>(
    target: TargetState,
    step: FaultStep,
    work: (tx: RawQueryable) => Promise<T>,
    transaction = ctx.db.relaxedTransaction,
  ): Promise<T> =>
    transaction(async (tx) => {
      const held = await tx.$executeRaw(
        sql`UPDATE "Lease" SET "owner" = ${owner} WHERE "name" = ${`target:${target.id}`} AND "owner" = ${owner}`,
      );
      if (held === 0) throw new LeaseLost();
      return work(tx);
    }, step);

  const query = async (statement: ReturnType<typeof dueQuery>): Promise<DueZone[]> =>
    (await db.$queryRaw<DueRow[]>(statement)).map(dueZone);

  return {
    head: () => currentSequence(db),

    live: (target, position, limit) =>
      query(dueQuery(target, sql`z."changeSeq" > ${position}`, sql`z."changeSeq" ASC`, limit)),

    backlog: (target, floor, upTo, limit) =>
      query(
        dueQuery(
          target,
          sql`${reachCondition(target.reach)} AND z."changeSeq" > ${floor} AND z."changeSeq" <= ${upTo} AND (t."ackSeq" IS NULL OR t."ackSeq" <> z."changeSeq")
            AND (t."failedSeq" IS NULL OR t."failedSeq" <> z."changeSeq")`,
          sql`z."changeSeq" DESC`,
          limit,
        ),
      ),

    retries: (target, now, limit) => {
      const ids = dueZoneIds(target.id, sql`"retryAt"`, now, limit);
      return query(dueQuery(target, sql`z."id" IN (${ids})`, sql`t."retryAt" ASC`, limit));
    },

    async texts(positions) {
      const found = new Map<number, string>();
      for (const part of chunks(positions)) {
        const rows = await db.$queryRaw<{ seq: bigint | number; text: string }[]>(
          sql`SELECT "seq", "text" FROM "Revision" WHERE "seq" IN (${join([...part])})`,
        );
        for (const row of rows) found.set(Number(row.seq), row.text);
      }
      return found;
    },

    recordFirstSending: (target, zones) =>
      // Nothing would find this out again: it waits for the disk.
      fenced(
        target,
        "first-sending",
        async (tx) => {
          for (const part of chunks(zones)) {
            const rows = part.map((zone) => sql`(${zone.zoneId}, ${target.id}, 0, 0, 0)`);
            await tx.$executeRaw(sql`
            INSERT INTO "ZoneTarget" ("zoneId", "targetId", "ackSeq", "verifyAttempts", "attempts") VALUES ${join(rows)}
            ON CONFLICT ("zoneId", "targetId") DO NOTHING`);
          }
        },
        ctx.db.rawTransaction,
      ),

    record: (target, { cursor, verdict, accepted, setAside, released, now }) =>
      fenced(target, "record", async (tx) => {
        const delivered = new Set<number>();
        for (const part of chunks(accepted))
          for (const seq of await writeAccepted(tx, target.id, part, now)) delivered.add(seq);
        for (const part of chunks(released)) await writeReleased(tx, target.id, part);
        for (const part of chunks(setAside)) await writeSetAside(tx, target.id, part);
        if (verdict === "is-back") await retrySuspects(tx, target.id, now);
        await updateTarget(
          tx,
          target.id,
          sql`"floorSeq" = ${cursor.floor}, "backlogSeq" = ${cursor.backlog}, "seenSeq" = ${cursor.seen} ${verdictColumns(target, verdict, now)}`,
        );
        return delivered;
      }),

    recordFailure: (target, { now, ...failure }) =>
      fenced(target, "record-failure", async (tx) => {
        await updateTarget(tx, target.id, failureColumns(failure, now));
      }),

    reopen: (target) =>
      fenced(target, "reopen", async (tx) => {
        const { seen } = target.cursor;
        await updateTarget(
          tx,
          target.id,
          sql`"floorSeq" = 0, "backlogSeq" = ${seen}, "reach" = ${reachDigest(target.reach)}`,
        );
        return { ...target, cursor: { floor: 0, backlog: seen, seen }, needsReopen: false };
      }),

    beginCompare: (target, head) =>
      fenced(target, "begin-compare", async (tx) => {
        // Of a member a deletion that it acknowledged stands: what answers for that zone there by now may be somebody else's, and is removed by a plan only. So does
        // the removal of a copy that is under way.
        // A zone that is to be there again is not removed any more.
        await tx.$executeRaw(
          sql`UPDATE "ZoneTarget" SET "isWithdrawn" = FALSE WHERE "targetId" = ${target.id} AND "isWithdrawn" AND "zoneId" IN (
            SELECT z."id" FROM "Zone" z WHERE z."deletedAt" IS NULL AND ${reachCondition(target.reach)})`,
        );
        const stands =
          target.memberId === null ? empty : sql`AND ("ackSeq" = 0 OR "ackDigest" IS NULL OR "ackDigest" <> '')`;
        await tx.$executeRaw(
          sql`UPDATE "ZoneTarget" SET "ackSeq" = 0, "failedSeq" = NULL, "retryAt" = NULL, "verifySeq" = NULL, "verifyAt" = NULL WHERE "targetId" = ${target.id}
            AND ("ackSeq" <> 0 OR "failedSeq" IS NOT NULL OR "retryAt" IS NOT NULL OR "verifyAt" IS NOT NULL) AND NOT "isWithdrawn" ${stands}`,
        );
        const cursor = { floor: 0, backlog: head, seen: head };
        await updateTarget(
          tx,
          target.id,
          sql`"floorSeq" = 0, "backlogSeq" = ${head}, "seenSeq" = ${head}, "needsCompare" = ${true}, "reach" = ${reachDigest(target.reach)}`,
        );
        return { ...target, cursor, needsCompare: true, needsReopen: false };
      }),

    acknowledgeMatches: (target, zones, now) =>
      fenced(target, "matches", async (tx) => {
        let matches = 0;
        for (const part of chunks(zones.filter((zone) => zone.serial !== undefined && zone.digest !== undefined)))
          matches += await writeMatches(tx, target, part, now);
        return matches;
      }),

    endCompare: (target) =>
      fenced(target, "end-compare", async (tx) => {
        await updateTarget(
          tx,
          target.id,
          sql`"needsCompare" = ${false}, "attempts" = 0, "retryAt" = 0, "errorKind" = NULL, "error" = NULL`,
        );
      }),

    async verifyDue(targetId, now, limit) {
      const rows = await db.$queryRaw<
        {
          zoneId: number;
          name: string;
          verifySeq: bigint;
          ackSerial: bigint;
          ackDigest: string;
          serial: bigint;
          problem: string | null;
          verifyAttempts: number;
        }[]
      >(sql`
        SELECT t."zoneId", z."name", t."verifySeq", t."ackSerial", t."ackDigest", t."verifyAttempts", t."problem", z."serial" FROM (${dueZoneIds(targetId, sql`"verifyAt"`, now, limit)}) AS d
          JOIN "ZoneTarget" t ON t."zoneId" = d."zoneId" AND t."targetId" = ${targetId} JOIN "Zone" z ON z."id" = t."zoneId"
        ORDER BY t."verifyAt" LIMIT ${limit}`);
      return rows.map((row) => ({
        zoneId: Number(row.zoneId),
        name: row.name,
        seq: Number(row.verifySeq),
        serial: row.ackDigest === "" ? null : Number(row.ackSerial),
        newestSerial: Number(row.serial),
        hasProblem: row.problem !== null,
        attempts: Number(row.verifyAttempts),
      }));
    },

    recordVerified: (target, verified) =>
      fenced(target, "verified", async (tx) => {
        for (const part of chunks(verified)) await writeVerified(tx, target.id, part);
      }),
  };
}

/**
 * Zones of a target whose instant has come, or lies so far ahead that the clock must have been set back. Both ends are ranges of an index, read no
 * further than `limit`; with OR in one condition every row of the target would be read.
 */
function dueZoneIds(targetId: number, column: ReturnType<typeof sql>, now: number, limit: number) {
  const range = (condition: ReturnType<typeof sql>) => sql`
    SELECT * FROM (SELECT "zoneId" FROM "ZoneTarget" WHERE "targetId" = ${targetId} AND ${condition} ORDER BY ${column} LIMIT ${limit}) AS "Range"`;
  return sql`${range(sql`${column} <= ${now}`)} UNION ALL ${range(sql`${column} > ${now + SANE_WAIT_MS}`)}`;
}

/** A target that was deleted meanwhile takes nothing any more; the transaction leaves no rows behind. */
async function updateTarget(tx: RawQueryable, id: number, changes: ReturnType<typeof sql>): Promise<void> {
  const count = await tx.$executeRaw(sql`UPDATE "Target" SET ${changes} WHERE "id" = ${id}`);
  if (count === 0) throw new LeaseLost();
}

function failureColumns({ kind, message, retryAt }: TargetFailure, now: number) {
  return sql`"attempts" = "attempts" + 1, "retryAt" = ${retryAt}, "errorKind" = ${kind}, "error" = ${message}, "errorAt" = ${now}`;
}

function verdictColumns({ attempts, retryAt }: TargetState, verdict: StepRecord["verdict"], now: number) {
  if (verdict === "unsaid") return empty;
  if (typeof verdict === "object") return sql`, ${failureColumns(verdict, now)}`;
  return attempts > 0 || retryAt > 0 ? sql`, "attempts" = 0, "retryAt" = 0, "errorKind" = NULL, "error" = NULL` : empty;
}

/** Zones that were set aside for what the target as a whole failed with do not wait for their own instants. */
async function retrySuspects(tx: RawQueryable, targetId: number, now: number): Promise<void> {
  await tx.$executeRaw(
    sql`UPDATE "ZoneTarget" SET "retryAt" = ${now} WHERE "targetId" = ${targetId} AND "retryAt" > ${now} AND "errorKind" IN (${join(TARGET_KINDS)})`,
  );
}

/** @returns positions of those that are delivered there for the first time */
async function writeAccepted(
  tx: RawQueryable,
  targetId: number,
  accepted: readonly AcceptedZone[],
  now: number,
): Promise<number[]> {
  const rows = accepted.map(({ zone, notes, verify }) => {
    const seq = verify ? zone.seq : null;
    // What was withdrawn is due again as soon as the zone is to be there again: no change of it is acknowledged.
    const ackSeq = zone.isWithdrawn && !zone.isReached ? 0 : zone.seq;
    return sql`(${zone.zoneId}, ${targetId}, ${ackSeq}, ${zone.serial}, ${zone.isDeleted ? "" : zone.digest}, ${now}, ${notes.length > 0 ? JSON.stringify(notes) : null}, ${seq}, ${verify ? now : null}, 0, 0)`;
  });
  await tx.$executeRaw(sql`
    INSERT INTO "ZoneTarget" ("zoneId", "targetId", "ackSeq", "ackSerial", "ackDigest", "ackAt", "notes", "verifySeq", "verifyAt", "verifyAttempts", "attempts")
    VALUES ${join(rows)}
    ON CONFLICT ("zoneId", "targetId") DO UPDATE SET "ackSeq" = excluded."ackSeq", "ackSerial" = excluded."ackSerial", "ackDigest" = excluded."ackDigest",
      "ackAt" = excluded."ackAt", "notes" = excluded."notes", "verifySeq" = excluded."verifySeq", "verifyAt" = excluded."verifyAt", "verifyAttempts" = 0,
      "attempts" = 0, "failedSeq" = NULL, "retryAt" = NULL, "errorKind" = NULL, "error" = NULL, "isWithdrawn" = FALSE, "isForced" = FALSE`);
  const delivered = accepted.filter(({ zone }) => !zone.isWithdrawn);
  if (delivered.length === 0) return [];
  const deliveries = delivered.map(({ zone }) => sql`(${zone.seq}, ${targetId}, ${now})`);
  const first = await tx.$queryRaw<{ seq: number | bigint }[]>(
    sql`INSERT INTO "Delivery" ("seq", "targetId", "acceptedAt") VALUES ${join(deliveries)} ON CONFLICT ("seq", "targetId") DO NOTHING RETURNING "seq"`,
  );
  return first.map(({ seq }) => Number(seq));
}

async function writeSetAside(tx: RawQueryable, targetId: number, zones: readonly SetAsideZone[]): Promise<void> {
  const rows = zones.map(
    ({ zone, kind, message, attempts, retryAt }) =>
      sql`(${zone.zoneId}, ${targetId}, 0, 0, ${zone.seq}, ${attempts}, ${retryAt}, ${kind}, ${message.slice(0, 2_000)})`,
  );
  await tx.$executeRaw(sql`
    INSERT INTO "ZoneTarget" ("zoneId", "targetId", "ackSeq", "verifyAttempts", "failedSeq", "attempts", "retryAt", "errorKind", "error") VALUES ${join(rows)}
    ON CONFLICT ("zoneId", "targetId") DO UPDATE SET "failedSeq" = excluded."failedSeq", "attempts" = excluded."attempts", "retryAt" = excluded."retryAt",
      "errorKind" = excluded."errorKind", "error" = excluded."error"`);
  const over = zones.filter(({ retryAt }) => retryAt === null).map(({ zone }) => zone.zoneId);
  if (over.length === 0) return;
  // What was never accepted there is forgotten again: its deletion must not be sent one day.
  const those = sql`"targetId" = ${targetId} AND "zoneId" IN (${join(over)})`;
  await tx.$executeRaw(sql`DELETE FROM "ZoneTarget" WHERE ${those} AND "ackAt" IS NULL`);
  await tx.$executeRaw(sql`UPDATE "ZoneTarget" SET "isWithdrawn" = FALSE WHERE ${those}`);
}

/** Nothing is tried again for these. */
async function writeReleased(tx: RawQueryable, targetId: number, zones: readonly DueZone[]): Promise<void> {
  await tx.$executeRaw(sql`
    UPDATE "ZoneTarget" SET "failedSeq" = NULL, "attempts" = 0, "retryAt" = NULL, "errorKind" = NULL, "error" = NULL, "isWithdrawn" = FALSE, "isForced" = FALSE
    WHERE "targetId" = ${targetId} AND "zoneId" IN (${join(zones.map(({ zoneId }) => zoneId))})`);
}

async function writeMatches(
  tx: RawQueryable,
  { id: targetId, reach }: TargetState,
  zones: readonly RemoteZone[],
  now: number,
): Promise<number> {
  const held = new Map(zones.map((zone) => [zone.name, zone]));
  const rows = await tx.$queryRaw<
    { id: number | bigint; name: string; changeSeq: bigint; serial: bigint; digest: string }[]
  >(sql`
    SELECT z."id", z."name", z."changeSeq", z."serial", z."digest" FROM "Zone" z
    WHERE z."deletedAt" IS NULL AND z."name" IN (${join([...held.keys()])}) AND ${reachCondition(reach)}`);
  const same = rows.filter(
    (row) => held.get(row.name)?.serial === Number(row.serial) && held.get(row.name)?.digest === row.digest,
  );
  if (same.length === 0) return 0;
  const values = same.map(
    (row) =>
      sql`(${row.id}, ${targetId}, ${row.changeSeq}, ${row.serial}, ${row.digest}, ${now}, ${row.changeSeq}, ${now}, 0, 0)`,
  );
  await tx.$executeRaw(sql`
    INSERT INTO "ZoneTarget" ("zoneId", "targetId", "ackSeq", "ackSerial", "ackDigest", "ackAt", "verifySeq", "verifyAt", "verifyAttempts", "attempts") VALUES ${join(values)}
    ON CONFLICT ("zoneId", "targetId") DO UPDATE SET "ackSeq" = excluded."ackSeq", "ackSerial" = excluded."ackSerial", "ackDigest" = excluded."ackDigest",
      "ackAt" = excluded."ackAt", "verifySeq" = excluded."verifySeq", "verifyAt" = excluded."verifyAt", "verifyAttempts" = 0, "attempts" = 0,
      "failedSeq" = NULL, "retryAt" = NULL, "errorKind" = NULL, "error" = NULL WHERE NOT "ZoneTarget"."isForced"`);
  return same.length;
}

async function writeVerified(tx: RawQueryable, targetId: number, verified: readonly Verified[]): Promise<void> {
  const served = verified.filter((result) => result.state === "served");
  if (served.length > 0) {
    const at = served[0]?.at ?? 0;
    // An address to which this server has no route is the same for all of them.
    const unasked = served.find(({ detail }) => detail !== null)?.detail ?? null;
    // Only where the same change is still the one to verify: a newer acknowledgement waits for its own look.
    await tx.$executeRaw(sql`
      UPDATE "ZoneTarget" SET "observedSerial" = "ackSerial", "observedState" = 'served', "observedDetail" = ${unasked}, "observedAt" = ${at},
        "verifySeq" = NULL, "verifyAt" = NULL, "verifyAttempts" = 0
      WHERE "targetId" = ${targetId} AND ${isOneOf(served)}`);
    const mended = served.filter(({ due }) => due.hasProblem);
    if (mended.length > 0) await writeMended(tx, targetId, mended, at);
    await tx.$executeRaw(sql`
      UPDATE "Delivery" SET "servedAt" = ${at} WHERE "targetId" = ${targetId} AND "servedAt" IS NULL AND "seq" IN (${join(served.map(({ due }) => due.seq))})`);
  }
  const others = verified.filter((result) => result.state !== "served");
  if (others.length > 0) await writeUnserved(tx, targetId, others);
}

/** What was wrong is not any more. Content that differed is known to be right only when it was compared again, which is due now. */
async function writeMended(tx: RawQueryable, targetId: number, mended: readonly Verified[], at: number): Promise<void> {
  const ids = join(mended.map(({ due }) => due.zoneId));
  await tx.$executeRaw(sql`
    UPDATE "ZoneTarget" SET "problem" = CASE WHEN ${isContentOther} THEN 'content' END,
      "problemSince" = CASE WHEN ${isContentOther} THEN CASE WHEN "problem" = 'content' THEN "problemSince" ELSE ${at} END END
    WHERE "targetId" = ${targetId} AND "zoneId" IN (${ids}) AND "verifySeq" IS NULL AND "observedState" = 'served' AND "problem" IS NOT NULL`);
  await tx.$executeRaw(
    sql`UPDATE "ContentCheck" SET "dueAt" = ${at} WHERE "targetId" = ${targetId} AND "zoneId" IN (${ids}) AND "dueAt" > ${at}`,
  );
}

/** One statement, however the answers differ: a nameserver's reason names the zone. */
async function writeUnserved(tx: RawQueryable, targetId: number, verified: readonly Verified[]): Promise<void> {
  // PostgreSQL does not infer the types of parameters in a VALUES list.
  const rows = verified.map(
    ({
      due,
      state,
      observedSerial,
      detail,
      problem,
      at,
      nextAt,
    }) => sql`(CAST(${due.zoneId} AS INTEGER), CAST(${due.seq} AS BIGINT), CAST(${state} AS TEXT),
      CAST(${observedSerial} AS BIGINT), CAST(${detail} AS TEXT), CAST(${problem} AS TEXT), CAST(${at} AS BIGINT), CAST(${nextAt} AS BIGINT))`,
  );
  await tx.$executeRaw(sql`
    WITH "Seen" ("zoneId", "seq", "state", "serial", "detail", "problem", "at", "nextAt") AS (VALUES ${join(rows)})
    UPDATE "ZoneTarget" SET ${problemColumns(sql`CASE WHEN "ackAt" <= s."at" - ${PROBLEM_GRACE_MS} THEN s."problem" END`)}, "observedSerial" = s."serial", "observedState" = s."state", "observedDetail" = s."detail", "observedAt" = s."at", "verifyAt" = s."nextAt",
      "verifySeq" = CASE WHEN s."nextAt" IS NULL THEN NULL ELSE "verifySeq" END,
      "verifyAttempts" = CASE WHEN s."nextAt" IS NULL THEN 0 ELSE "verifyAttempts" + 1 END
    FROM "Seen" s WHERE "ZoneTarget"."targetId" = ${targetId} AND "ZoneTarget"."zoneId" = s."zoneId" AND "ZoneTarget"."verifySeq" = s."seq"`);
}

/** The zone alone stands there too, for the index: by the pair, SQLite would read every row of the target. */
function isOneOf(verified: readonly Verified[]) {
  // PostgreSQL does not infer the types of parameters in a VALUES list.
  const pairs = verified.map(({ due }) => sql`(CAST(${due.zoneId} AS INTEGER), CAST(${due.seq} AS BIGINT))`);
  return sql`"zoneId" IN (${join(verified.map(({ due }) => due.zoneId))}) AND ("zoneId", "verifySeq") IN (VALUES ${join(pairs)})`;
}
