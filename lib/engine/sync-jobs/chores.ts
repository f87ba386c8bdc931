import type { Context } from "@/lib/context";
import { sql } from "@/lib/db/database";
import { DriverError } from "@/lib/errors";
import { publish } from "@/lib/live/bus";
import { openMemberDriver } from "@/lib/members/open-driver";
import type { Chore } from "../chores";
import { applySlice } from "./apply-job";
import { type OpenMember, planJob } from "./plan-job";

/** Somebody watches the page: a plan begins, and a step is seen to have ended, after no longer than this. */
const LOOK_MS = 300;
/** What a cancelled job had handed to the engine is followed so long. */
const FOLLOWED_MS = 60 * 60_000;

/**
 * Synchronize DNS Records: makes the plans that were asked for and carries out those that were agreed to. All state is in the database: whoever dies in
 * the middle is replaced by the next turn, here or in another process. A plan is begun again then, a job goes on.
 */
export function syncChores(ctx: Context, open: OpenMember = openMemberDriver): Chore[] {
  return [
    { name: "sync-plan", everyMs: LOOK_MS, run: (signal) => planNext(ctx, open, signal) },
    { name: "sync-apply", everyMs: LOOK_MS, run: (signal) => applyNext(ctx, open, signal) },
  ];
}

async function planNext(ctx: Context, open: OpenMember, signal: AbortSignal): Promise<boolean> {
  const job = await ctx.db.client.syncJob.findFirst({ where: { state: "planning" }, orderBy: { id: "asc" } });
  if (!job) return false;
  try {
    await planJob(ctx, job, open, signal);
  } catch (error) {
    if (signal.aborted) return false;
    const reason = error instanceof DriverError ? error.message : "Something went wrong. The server’s log tells more.";
    await ctx.db.client.syncJob.updateMany({
      where: { id: job.id, state: "planning" },
      data: { state: "failed", error: reason, finishedAt: BigInt(ctx.clock.now()) },
    });
    publish("sync");
    if (!(error instanceof DriverError)) throw error;
  }
  return true;
}

async function applyNext(ctx: Context, open: OpenMember, signal: AbortSignal): Promise<boolean> {
  const jobs = await ctx.db.client.syncJob.findMany({
    where: {
      OR: [
        { state: { in: ["applying", "paused"] } },
        { state: "cancelled", finishedAt: { gt: BigInt(ctx.clock.now() - FOLLOWED_MS) } },
        { state: "done", id: { in: await jobsThatWait(ctx) } },
      ],
    },
    orderBy: { id: "asc" },
    select: { id: true },
  });
  let hasMore = false;
  for (const { id } of jobs) if (!signal.aborted) hasMore = (await applySlice(ctx, id, open, signal)) || hasMore;
  return hasMore;
}

/** Jobs that ended while a server was not reached: their steps end when it is back. */
async function jobsThatWait(ctx: Context): Promise<number[]> {
  const rows = await ctx.db.client.$queryRaw<{ id: number | bigint }[]>(sql`
    SELECT j."id" FROM "SyncJob" j
    WHERE j."state" = 'done' AND EXISTS (SELECT 1 FROM "SyncItem" i WHERE i."jobId" = j."id" AND i."state" = 'sent')`);
  return rows.map(({ id }) => Number(id));
}
