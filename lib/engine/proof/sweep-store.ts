import type { Context } from "@/lib/context";
import { empty, join, type RawQueryable, sql } from "@/lib/db/database";
import { reachCondition } from "@/lib/members/reach";
import { PROBLEM_GRACE_MS, type Problem } from "@/lib/sync/problem";
import type { ServedState } from "@/lib/sync/verification";
import { problemColumns } from "./problem-columns";
import type { SweptTarget } from "./swept-targets";

/** A zone at a target, and what was observed of it last. */
export interface SweptZone {
  readonly zoneId: number;
  readonly name: string;
  readonly ackSeq: number;
  /** The acknowledged serial; null: a deletion was acknowledged. */
  readonly serial: number | null;
  readonly newestSerial: number;
  /** Whether it is looked at: it is acknowledged, not a moment ago, and no other look at it is under way. */
  readonly isDue: boolean;
  readonly state: string | null;
  readonly observedSerial: number | null;
  readonly detail: string | null;
  readonly problem: string | null;
  /** Its content differed when it was compared last. */
  readonly isContentOther: boolean;
  /** Something was wrong with it there, and it is not to be there any more: whatever that nameserver answers is no problem of it. */
  readonly isOver: boolean;
}

interface Row {
  readonly zoneId: number | bigint;
  readonly name: string;
  readonly ackSeq: bigint;
  readonly ackSerial: bigint | null;
  readonly ackDigest: string | null;
  readonly ackAt: bigint | null;
  readonly serial: bigint;
  readonly deletedAt: bigint | null;
  readonly purgedAt: bigint | null;
  readonly verifySeq: bigint | null;
  readonly isReached: number | bigint;
  readonly observedState: string | null;
  readonly observedSerial: bigint | null;
  readonly observedDetail: string | null;
  readonly problem: string | null;
  readonly contentState: string | null;
}

/** The next zones of a target by id, whether they are due or not. */
export async function readSlice(
  { db, clock }: Pick<Context, "db" | "clock">,
  { id, reach }: Pick<SweptTarget, "id" | "reach">,
  after: number,
  limit: number,
): Promise<SweptZone[]> {
  const rows = await db.client.$queryRaw<Row[]>(sql`
    SELECT t."zoneId", z."name", t."ackSeq", t."ackSerial", t."ackDigest", t."ackAt", z."serial", z."deletedAt", z."purgedAt", t."verifySeq", t."observedState",
      t."observedSerial", t."observedDetail", t."problem", t."contentState", CASE WHEN ${reachCondition(reach)} THEN 1 ELSE 0 END AS "isReached"
    FROM "ZoneTarget" t JOIN "Zone" z ON z."id" = t."zoneId" WHERE t."targetId" = ${id} AND t."zoneId" > ${after} ORDER BY t."zoneId" LIMIT ${limit}`);
  const settled = clock.now() - PROBLEM_GRACE_MS;
  return rows.map((row) => ({
    zoneId: Number(row.zoneId),
    name: row.name,
    ackSeq: Number(row.ackSeq),
    serial: row.ackDigest === "" ? null : Number(row.ackSerial),
    newestSerial: Number(row.serial),
    isDue: row.verifySeq === null && Number(row.ackAt ?? 0) <= settled && isExpected(row),
    state: row.observedState,
    observedSerial: row.observedSerial === null ? null : Number(row.observedSerial),
    detail: row.observedDetail,
    problem: row.problem,
    isContentOther: row.contentState === "differs" && row.ackDigest !== "",
    isOver: row.verifySeq === null && isOver(row),
  }));
}

/** Out of the target's reach, with a problem of before. What is "extra" there is so for being out of reach. */
function isOver(row: Row): boolean {
  const { isReached, problem } = row;
  return Number(isReached) === 0 && problem !== null && problem !== "extra" && !isExpected(row);
}

/** Whether something is expected of the target's nameserver: the zone, or that it does not answer for it any more. */
function isExpected({ ackSeq, ackDigest, deletedAt, purgedAt, isReached, problem }: Row): boolean {
  if (ackDigest === null) return false;
  const isReachedThere = Number(isReached) === 1;
  if (ackDigest !== "") return Number(ackSeq) > 0 && isReachedThere;
  // What was deleted, or withdrawn there. One that was added again meanwhile is on its way; one that is purged is over, unless it still answers.
  return deletedAt === null ? !isReachedThere && Number(ackSeq) === 0 : purgedAt === null || problem !== null;
}

/** What is known of a zone now that was not known before. */
export interface SweptNews {
  readonly zone: SweptZone;
  readonly state: ServedState;
  readonly serial: number | null;
  readonly detail: string | null;
  readonly problem: Problem | null;
}

/** Looks of the verification that count as made when a sweep hands a zone to it: the next one is a minute away. */
const LOOKS_MADE = 8;
const LOOK_AGAIN_MS = 60_000;

/**
 * Stores a slice: what changed in full, of what is as before only that it was seen, and how far the round is. Rows that were acknowledged anew meanwhile are
 * left alone. A zone with which something is wrong is looked at again soon, by the verification.
 */
export function writeSlice(
  { db }: Pick<Context, "db">,
  { id, sweep }: SweptTarget,
  at: number,
  { confirmed, news, over, position, isLast }: Slice,
): Promise<void> {
  return db.relaxedTransaction(async (tx) => {
    // Somebody who wants the round to begin anew has set it back meanwhile.
    await tx.$executeRaw(
      sql`UPDATE "Target" SET "sweepZoneId" = ${position}${isLast ? sql`, "sweepEndedAt" = ${at}, "isSweepHurried" = ${false}` : empty}
        WHERE "id" = ${id} AND "sweepBeganAt" = ${sweep.beganAt}`,
    );
    if (confirmed.length > 0)
      await tx.$executeRaw(sql`
        UPDATE "ZoneTarget" SET "observedAt" = ${at} WHERE "targetId" = ${id} AND "verifySeq" IS NULL AND "zoneId" IN (${join(confirmed.map(({ zoneId }) => zoneId))})`);
    if (news.length > 0) await writeNews(tx, id, at, news);
    if (over.length > 0)
      await tx.$executeRaw(sql`
        UPDATE "ZoneTarget" SET "problem" = NULL, "problemSince" = NULL, "contentState" = NULL, "contentAt" = NULL WHERE "targetId" = ${id} AND "verifySeq" IS NULL
          AND "zoneId" IN (${join(over.map(({ zoneId }) => zoneId))})`);
  }, "proof.slice");
}

interface Slice {
  readonly confirmed: readonly SweptZone[];
  readonly news: readonly SweptNews[];
  readonly over: readonly SweptZone[];
  /** How far the round is. */
  readonly position: number;
  /** All zones were looked at. */
  readonly isLast: boolean;
}

async function writeNews(tx: RawQueryable, targetId: number, at: number, news: readonly SweptNews[]): Promise<void> {
  // PostgreSQL does not infer the types of parameters in a VALUES list.
  const rows = news.map(
    ({
      zone,
      state,
      serial,
      detail,
      problem,
    }) => sql`(CAST(${zone.zoneId} AS INTEGER), CAST(${zone.ackSeq} AS BIGINT), CAST(${state} AS TEXT),
      CAST(${serial} AS BIGINT), CAST(${detail} AS TEXT), CAST(${problem} AS TEXT), CAST(${at} AS BIGINT))`,
  );
  const isLookedAtAgain = sql`s."problem" IN ('lame', 'missing', 'old-serial', 'newer-serial', 'extra')`;
  await tx.$executeRaw(sql`
    WITH "Seen" ("zoneId", "ackSeq", "state", "serial", "detail", "problem", "at") AS (VALUES ${join(rows)})
    UPDATE "ZoneTarget" SET ${problemColumns(sql`s."problem"`)}, "observedSerial" = s."serial", "observedState" = s."state", "observedDetail" = s."detail",
      "observedAt" = s."at", "verifySeq" = CASE WHEN ${isLookedAtAgain} THEN "ZoneTarget"."ackSeq" END,
      "verifyAt" = CASE WHEN ${isLookedAtAgain} THEN s."at" + ${LOOK_AGAIN_MS} END, "verifyAttempts" = CASE WHEN ${isLookedAtAgain} THEN ${LOOKS_MADE} ELSE 0 END
    FROM "Seen" s WHERE "ZoneTarget"."targetId" = ${targetId} AND "ZoneTarget"."zoneId" = s."zoneId" AND "ZoneTarget"."ackSeq" = s."ackSeq"
      AND "ZoneTarget"."verifySeq" IS NULL`);
}

/** Rows in one statement. */
const ROWS = 500;

/**
 * The whole nameserver is silent: its zones say so, those that do not yet. Once for each silence, and in slices. What waits to be verified is left to the
 * verification. That does not ask the local nameserver while it does not run, but as soon as it runs again: of zones there that have no other problem it is
 * said as well.
 * @returns whether any did not
 */
export async function writeUnreachable(
  { db }: Pick<Context, "db">,
  { id, reach, addresses }: SweptTarget,
  { since, reason }: { since: number; reason: string },
  at: number,
): Promise<boolean> {
  const isSettled = sql`(t."verifySeq" IS NULL ${addresses === null ? sql`OR t."problem" IS NULL` : empty})`;
  for (let changed = 0; ; ) {
    const count = await db.relaxedTransaction(
      (tx) =>
        tx.$executeRaw(sql`
        UPDATE "ZoneTarget" SET "problem" = 'unreachable', "problemSince" = ${since}, "observedState" = 'unknown', "observedDetail" = ${reason}, "observedAt" = ${at},
          "verifyAt" = CASE WHEN "verifySeq" IS NOT NULL THEN CAST(${at} AS BIGINT) END
        WHERE "targetId" = ${id} AND "zoneId" IN (
          SELECT t."zoneId" FROM "ZoneTarget" t JOIN "Zone" z ON z."id" = t."zoneId" WHERE t."targetId" = ${id} AND t."ackSeq" > 0 AND t."ackDigest" <> ''
            AND (t."problem" IS NULL OR t."problem" <> 'unreachable') AND ${isSettled} AND ${reachCondition(reach)} LIMIT ${ROWS})`),
      "proof.unreachable",
    );
    changed += count;
    if (count < ROWS) return changed > 0;
    await new Promise(setImmediate);
  }
}

/** A round begins, unless another one did meanwhile. @param isHurried it is not spread over its interval; one that is already stays so */
export async function beginRound(
  { db }: Pick<Context, "db">,
  { id, sweep }: SweptTarget,
  at: number,
  isHurried: boolean,
) {
  const unchanged = sweep.beganAt === null ? sql`"sweepBeganAt" IS NULL` : sql`"sweepBeganAt" = ${sweep.beganAt}`;
  const beginning = sql`
    UPDATE "Target" SET "sweepZoneId" = 0, "sweepBeganAt" = ${at}${isHurried ? sql`, "isSweepHurried" = ${true}` : empty} WHERE "id" = ${id} AND ${unchanged}`;
  await db.statement((client) => client.$executeRaw(beginning), "proof.round");
}

/** Rows of a target, and those up to a zone. */
export async function countRows(
  { db }: Pick<Context, "db">,
  targetId: number,
  upTo: number,
): Promise<{ total: number; done: number }> {
  const [row] = await db.client.$queryRaw<{ total: number | bigint; done: number | bigint }[]>(sql`
    SELECT count(*) AS "total", count(CASE WHEN "zoneId" <= ${upTo} THEN 1 END) AS "done" FROM "ZoneTarget" WHERE "targetId" = ${targetId}`);
  return { total: Number(row?.total ?? 0), done: Number(row?.done ?? 0) };
}

/** Whether zones of the target are still said to be out of reach. */
export async function hasUnreachable({ db }: Pick<Context, "db">, targetId: number): Promise<boolean> {
  const rows = await db.client.$queryRaw<unknown[]>(
    sql`SELECT 1 AS "one" FROM "ZoneTarget" WHERE "problem" = 'unreachable' AND "targetId" = ${targetId} LIMIT 1`,
  );
  return rows.length > 0;
}
