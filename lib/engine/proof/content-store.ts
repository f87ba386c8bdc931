import type { Context } from "@/lib/context";
import { sql } from "@/lib/db/database";
import { isWorkedOn } from "@/lib/members/held";
import { reachCondition } from "@/lib/members/reach";
import { PROBLEM_GRACE_MS } from "@/lib/sync/problem";
import type { ContentFinding, WantedContent } from "./compare-content";
import { isContentOther } from "./problem-columns";
import type { SweptTarget } from "./swept-targets";

/** A zone at a target whose content is to be compared. */
export interface ContentPair extends WantedContent {
  readonly zoneId: number;
  readonly ackSeq: number;
  /** What was left out there: its content is known to be another one. */
  readonly hasNotes: boolean;
}

interface Row {
  readonly zoneId: number | bigint;
  readonly name: string;
  readonly ackSeq: bigint;
  readonly ackSerial: bigint;
  readonly ackDigest: string;
  readonly notes: string | null;
  readonly recordCount: number | bigint;
  readonly isDue: number | bigint;
}

/**
 * Zones of a target by id after `after`, those with nothing to compare left out: nothing is acknowledged, it was a moment ago, or another problem is known.
 * @returns the zones, and the last id that was looked at; null: there are no more
 */
export async function readContentSlice(
  ctx: Pick<Context, "db" | "clock">,
  target: Pick<SweptTarget, "id" | "reach">,
  after: number,
  limit: number,
): Promise<{ readonly pairs: readonly ContentPair[]; readonly last: number | null; readonly read: number }> {
  const rows = await readRows(ctx, target, sql`t."zoneId" > ${after}`, limit);
  const last = rows.at(-1);
  return { pairs: pairsOf(ctx, rows), last: last ? Number(last.zoneId) : null, read: rows.length };
}

/** One zone at a target; null when there is nothing to compare. */
export async function readContentPair(
  ctx: Pick<Context, "db" | "clock">,
  target: Pick<SweptTarget, "id" | "reach">,
  zoneId: number,
): Promise<ContentPair | null> {
  return pairsOf(ctx, await readRows(ctx, target, sql`t."zoneId" = ${zoneId}`, 1))[0] ?? null;
}

function readRows(
  { db, clock }: Pick<Context, "db" | "clock">,
  { id, reach }: Pick<SweptTarget, "id" | "reach">,
  where: ReturnType<typeof sql>,
  limit: number,
): Promise<Row[]> {
  const settled = clock.now() - PROBLEM_GRACE_MS;
  const isDue = sql`t."ackSeq" > 0 AND t."ackDigest" <> '' AND ${reachCondition(reach)} AND (t."problem" IS NULL OR t."problem" = 'content')
    AND (t."ackAt" <= ${settled} OR (t."verifySeq" IS NULL AND t."observedState" = 'served'))`;
  return db.client.$queryRaw<Row[]>(sql`
    SELECT t."zoneId", z."name", t."ackSeq", t."ackSerial", t."ackDigest", t."notes", z."recordCount", CASE WHEN ${isDue} THEN 1 ELSE 0 END AS "isDue"
    FROM "ZoneTarget" t JOIN "Zone" z ON z."id" = t."zoneId"
    WHERE t."targetId" = ${id} AND ${where} ORDER BY t."zoneId" LIMIT ${limit}`);
}

function pairsOf({ db }: Pick<Context, "db">, rows: readonly Row[]): ContentPair[] {
  return rows.flatMap((row) => {
    if (Number(row.isDue) !== 1) return [];
    const { ackSeq, ackDigest: digest } = row;
    return {
      ...{ zoneId: Number(row.zoneId), name: row.name, ackSeq: Number(ackSeq), hasNotes: row.notes !== null },
      ...{ serial: Number(row.ackSerial), digest, recordCount: Number(row.recordCount) },
      text: async () => (await db.client.revision.findFirst({ where: { seq: ackSeq, digest } }))?.text ?? null,
    };
  });
}

/** How soon content that differs is compared again. */
const DIFFERS_MS = 5 * 60_000;

/**
 * Stores what a comparison found, unless another change was acknowledged meanwhile, and when it is made again out of turn.
 * @returns whether the problem began or ended
 */
export function writeContent(
  { db, clock }: Pick<Context, "db" | "clock">,
  targetId: number,
  { zoneId, ackSeq }: ContentPair,
  found: ContentFinding,
): Promise<boolean> {
  const at = clock.now();
  const pair = sql`"zoneId" = ${zoneId} AND "targetId" = ${targetId}`;
  const row = sql`${pair} AND "ackSeq" = ${ackSeq}`;
  return db.relaxedTransaction(async (tx) => {
    let isNews = 0;
    if (found.state === "differs")
      isNews = await tx.$executeRaw(sql`
        UPDATE "ZoneTarget" SET "problem" = 'content', "problemSince" = ${at} WHERE ${row} AND "problem" IS NULL`);
    if (found.state === "differs")
      await tx.$executeRaw(sql`
        UPDATE "ZoneTarget" SET "contentState" = 'differs', "contentAt" = ${at},
          "observedDetail" = CASE WHEN "problem" = 'content' THEN ${found.detail} ELSE "observedDetail" END WHERE ${row}`);
    if (found.state === "same") {
      isNews = await tx.$executeRaw(sql`
        UPDATE "ZoneTarget" SET "problem" = NULL, "problemSince" = NULL, "observedDetail" = NULL WHERE ${row} AND "problem" = 'content'`);
      await tx.$executeRaw(sql`UPDATE "ZoneTarget" SET "contentState" = 'same', "contentAt" = ${at} WHERE ${row}`);
    }
    // Content that differed goes on being said to differ until it was seen to be right.
    if (found.state === "unknown")
      await tx.$executeRaw(sql`
        UPDATE "ZoneTarget" SET "contentState" = 'unknown', "contentAt" = ${at} WHERE ${row} AND ("contentState" IS NULL OR "contentState" <> 'differs')`);
    await tx.$executeRaw(sql`
      DELETE FROM "ContentCheck" WHERE ${pair} AND NOT EXISTS (SELECT 1 FROM "ZoneTarget" WHERE ${pair} AND ${isContentOther})`);
    await tx.$executeRaw(sql`
      INSERT INTO "ContentCheck" ("zoneId", "targetId", "dueAt")
      SELECT "zoneId", "targetId", ${at + DIFFERS_MS} FROM "ZoneTarget" WHERE ${pair} AND ${isContentOther}
      ON CONFLICT ("zoneId", "targetId") DO UPDATE SET "dueAt" = excluded."dueAt"`);
    return isNews > 0;
  }, "proof.content");
}

/** Comparisons that are due out of turn, at targets that are worked on. */
export async function dueContentChecks(
  { db, clock }: Pick<Context, "db" | "clock">,
  limit: number,
): Promise<{ readonly zoneId: number; readonly targetId: number }[]> {
  const now = clock.now();
  const rows = await db.client.$queryRaw<{ zoneId: number | bigint; targetId: number | bigint }[]>(sql`
    SELECT c."zoneId", c."targetId" FROM "ContentCheck" c JOIN "Target" t ON t."id" = c."targetId"
    WHERE (c."dueAt" <= ${now} OR c."dueAt" > ${now + 2 * DIFFERS_MS}) AND ${isWorkedOn} ORDER BY c."dueAt" LIMIT ${limit}`);
  return rows.map(({ zoneId, targetId }) => ({ zoneId: Number(zoneId), targetId: Number(targetId) }));
}

/** There is nothing to compare now: later, or never when the pair is gone. */
export async function putOffContentCheck(
  { db, clock }: Pick<Context, "db" | "clock">,
  { zoneId, targetId }: { zoneId: number; targetId: number },
): Promise<void> {
  const pair = sql`"zoneId" = ${zoneId} AND "targetId" = ${targetId}`;
  await db.relaxedTransaction(async (tx) => {
    await tx.$executeRaw(sql`
      DELETE FROM "ContentCheck" WHERE ${pair} AND NOT EXISTS (SELECT 1 FROM "ZoneTarget" WHERE ${pair} AND ${isContentOther})`);
    await tx.$executeRaw(sql`UPDATE "ContentCheck" SET "dueAt" = ${clock.now() + DIFFERS_MS} WHERE ${pair}`);
  }, "proof.put-off");
}

/** Stores how far a target's round is. @param changes of the columns beside the position */
export async function writeContentRound(
  { db }: Pick<Context, "db">,
  targetId: number,
  { position, beganAt, endedAt }: { position: number; beganAt?: number; endedAt?: number },
): Promise<void> {
  const moving = sql`
    UPDATE "Target" SET "contentZoneId" = ${position}, "contentBeganAt" = COALESCE(${beganAt ?? null}, "contentBeganAt"),
      "contentEndedAt" = COALESCE(${endedAt ?? null}, "contentEndedAt") WHERE "id" = ${targetId}`;
  await db.statement((client) => client.$executeRaw(moving), "proof.content-round");
}
