import type { Context } from "@/lib/context";
import { join, sql } from "@/lib/db/database";
import { heldBack, isWorking } from "@/lib/members/held";
import { memberName } from "@/lib/members/member-name";
import { readSettings } from "@/lib/settings/settings";
import { LOCAL } from "./schemas";

/** Why steps that the engine was asked to do are not done yet: their server as a whole is not reached. Instants are epoch milliseconds. */
export interface StepWait {
  readonly memberId: number;
  readonly name: string;
  readonly steps: number;
  /** Null for those to whom this server's state is not shown. */
  readonly detail: {
    readonly reason: string;
    /** When it answered last; null: it never did. */
    readonly lastAnswerAt: number | null;
    /** Tries since it answered last. */
    readonly attempts: number;
    /** Null: not before clustering, or the member, is enabled or resumed. */
    readonly nextTryAt: number | null;
  } | null;
}

type Figure = number | bigint;

interface Row {
  readonly jobId: Figure;
  readonly memberId: Figure;
  readonly steps: Figure;
  readonly ownerId: Figure;
  readonly backend: string;
  readonly username: string;
  readonly hostname: string;
  readonly remoteHostname: string;
  readonly lastAnswerAt: Figure | null;
  readonly disabledAt: bigint | null;
  readonly pausedUntil: bigint | null;
  readonly error: string | null;
  readonly attempts: Figure;
  readonly retryAt: Figure;
}

/** A condition on the target `g` (or none) of a step and its member `m`: it waits as a whole. */
function isHeldUp(isEnabled: boolean) {
  return isEnabled ? sql`(g."errorKind" IS NOT NULL OR NOT (${isWorking}))` : sql`g."id" IS NOT NULL`;
}

/**
 * What the steps under way wait for, by job.
 * @param ownerId whose servers may be told of; null: everybody's
 */
export async function stepWaits(
  { db }: Pick<Context, "db">,
  jobIds: readonly number[],
  ownerId: number | null,
): Promise<Map<number, StepWait[]>> {
  const waits = new Map<number, StepWait[]>();
  if (jobIds.length === 0) return waits;
  const { isEnabled } = await readSettings(db.client, "cluster");
  const rows = await db.client.$queryRaw<Row[]>(sql`
    SELECT i."jobId", i."memberId", i."steps", m."ownerId", m."backend", m."username", m."hostname", m."remoteHostname", m."lastAnswerAt", m."disabledAt", m."pausedUntil", g."error", g."attempts", g."retryAt"
    FROM (SELECT "jobId", "memberId", count(*) AS "steps" FROM "SyncItem" WHERE "jobId" IN (${join([...jobIds])}) AND "state" = 'sent'
      GROUP BY "jobId", "memberId") i
    JOIN "Target" g ON g."memberId" = i."memberId" JOIN "Member" m ON m."id" = i."memberId"
    WHERE ${isHeldUp(isEnabled)} ORDER BY m."hostname"`);
  for (const row of rows) {
    const isTold = ownerId === null || Number(row.ownerId) === ownerId;
    const wait: StepWait = {
      memberId: Number(row.memberId),
      name: isTold ? memberName(row) : "a nameserver",
      steps: Number(row.steps),
      detail: isTold ? detailOf(row, isEnabled) : null,
    };
    waits.set(Number(row.jobId), [...(waits.get(Number(row.jobId)) ?? []), wait]);
  }
  return waits;
}

const HELD_WORDS = {
  disabled: "It is disabled: nothing is sent to it until it is enabled.",
  paused: "It is paused for maintenance: nothing is sent to it until that is over.",
};

function detailOf(row: Row, isEnabled: boolean): StepWait["detail"] {
  const held = heldBack(row);
  const reason = held === null ? (row.error ?? "It does not answer.") : HELD_WORDS[held];
  return {
    reason: isEnabled ? reason : "DNS clustering is disabled.",
    lastAnswerAt: row.lastAnswerAt === null ? null : Number(row.lastAnswerAt),
    attempts: Number(row.attempts),
    nextTryAt: isEnabled && held === null ? Number(row.retryAt) : null,
  };
}

/** Steps of a job that the engine is about to do: those whose server is not reached are not counted. */
export async function countMoving({ db }: Pick<Context, "db">, jobId: number): Promise<number> {
  const { isEnabled } = await readSettings(db.client, "cluster");
  const [row] = await db.client.$queryRaw<{ n: Figure }[]>(sql`
    SELECT count(*) AS "n" FROM "SyncItem" i LEFT JOIN "Target" g ON COALESCE(g."memberId", ${LOCAL}) = i."memberId" LEFT JOIN "Member" m ON m."id" = i."memberId"
    WHERE i."jobId" = ${jobId} AND i."state" = 'sent'
      AND CASE WHEN i."memberId" = ${LOCAL} THEN g."errorKind" IS NULL ELSE NOT (g."id" IS NOT NULL AND ${isHeldUp(isEnabled)}) END`);
  return Number(row?.n ?? 0);
}
