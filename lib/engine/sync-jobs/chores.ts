import { setTimeout as sleep } from "node:timers/promises";
import type { Context } from "@/lib/context";
import { sql } from "@/lib/db/database";
import { DriverError } from "@/lib/errors";
import { publish } from "@/lib/live/bus";
import { logger } from "@/lib/logger";
import { openMemberDriver } from "@/lib/members/open-driver";
import { expireApprovals } from "@/lib/sync-jobs/approval";
import type { Chore } from "../chores";
import { applySlice } from "./apply-job";
import { atOnce } from "./at-once";
import { type OpenMember, planJob } from "./plan-job";

const log = logger("sync-jobs");

/** Somebody watches the page: a plan begins, and a step is seen to have ended, after no longer than this. */
const LOOK_MS = 300;
const EXPIRY_MS = 60_000;
/** Edits and pages come first. */
const BETWEEN_SLICES_MS = 20;

/**
 * Synchronize DNS Records: makes the plans that were asked for and carries out those that were agreed to. All state is in the database: whoever dies in
 * the middle is replaced by the next turn, here or in another process. A plan is begun again then, a job goes on.
 */
export function syncChores(ctx: Context, open: OpenMember = openMemberDriver): Chore[] {
  return [
    { name: "sync-plan", everyMs: LOOK_MS, run: (signal) => planNext(ctx, open, signal) },
    {
      name: "sync-approvals",
      everyMs: EXPIRY_MS,
      run: async () => {
        await expireApprovals(ctx);
        return false;
      },
    },
    { name: "sync-apply", everyMs: LOOK_MS, run: (signal) => applyNext(ctx, open, signal) },
  ];
}

/** Plans, and jobs, that are worked on at a time. */
const AT_ONCE = 8;

/** Of one account one plan at a time. */
async function planNext(ctx: Context, open: OpenMember, signal: AbortSignal): Promise<boolean> {
  const due = async () => {
    const jobs = await ctx.db.client.syncJob.findMany({
      where: { state: "planning" },
      orderBy: { id: "asc" },
      distinct: ["accountId"],
    });
    return jobs.map((job) => ({ key: job.accountId ?? 0, run: () => planOne(ctx, job, open, signal) }));
  };
  return atOnce(due, { lookMs: LOOK_MS, most: AT_ONCE, signal });
}

async function planOne(
  ctx: Context,
  job: { id: number; accountId: number | null },
  open: OpenMember,
  signal: AbortSignal,
): Promise<void> {
  try {
    await planJob(ctx, job, open, signal);
  } catch (error) {
    if (signal.aborted) return;
    // Which server it was may be root's to know only.
    const isUntold = job.accountId !== null;
    const reason =
      error instanceof DriverError
        ? isUntold
          ? "A server stopped answering while the plan was made. Make it again."
          : error.message
        : "Something went wrong. The server’s log tells more.";
    const data = { state: "failed", error: reason, finishedAt: BigInt(ctx.clock.now()) };
    const made = { id: job.id, state: "planning" };
    await ctx.db.statement((db) => db.syncJob.updateMany({ where: made, data }), "sync.failed");
    publish("sync");
    if (!(error instanceof DriverError)) throw error;
    log.warn("a plan could not be made", { job: job.id, reason: error.message });
  }
}

async function applyNext(ctx: Context, open: OpenMember, signal: AbortSignal): Promise<boolean> {
  const due = async () => {
    const jobs = await ctx.db.client.syncJob.findMany({
      where: {
        OR: [{ state: { in: ["applying", "paused"] } }, { id: { in: await jobsThatWait(ctx) } }],
      },
      // Those that are carried out come before those that are only followed.
      orderBy: [{ state: "asc" }, { id: "asc" }],
      select: { id: true },
    });
    return jobs.map(({ id }) => ({ key: id, run: () => applyOne(ctx, id, open, signal) }));
  };
  await atOnce(due, { lookMs: LOOK_MS, most: AT_ONCE, signal });
  return false;
}

/** Until there is nothing to do at the moment: what was sent is looked for again after `LOOK_MS`. */
async function applyOne(ctx: Context, id: number, open: OpenMember, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && (await applySlice(ctx, id, open, signal))) await sleep(BETWEEN_SLICES_MS);
}

/** Jobs that ended, or were cancelled, while a server was not reached: their steps end when it is back. */
async function jobsThatWait(ctx: Context): Promise<number[]> {
  const rows = await ctx.db.client.$queryRaw<{ id: number | bigint }[]>(sql`
    SELECT j."id" FROM "SyncJob" j
    WHERE j."state" IN ('done', 'cancelled') AND EXISTS (SELECT 1 FROM "SyncItem" i WHERE i."jobId" = j."id" AND i."state" = 'sent')`);
  return rows.map(({ id }) => Number(id));
}
