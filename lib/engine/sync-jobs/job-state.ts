import type { Context } from "@/lib/context";
import { type RawQueryable, sql } from "@/lib/db/database";
import type { JobState } from "@/lib/sync-jobs/job";

/**
 * Keeps a job in the state that it is in until the transaction ends: whoever cancels or pauses it meanwhile waits for that.
 * @returns false: it is in another one
 */
export async function staysIn(tx: RawQueryable, jobId: number, state: JobState): Promise<boolean> {
  const keep = sql`UPDATE "SyncJob" SET "state" = ${state} WHERE "id" = ${jobId} AND "state" = ${state}`;
  return (await tx.$executeRaw(keep)) > 0;
}

/** For what is not one transaction; it may be stopped a moment later. */
export async function isApplying({ db }: Pick<Context, "db">, jobId: number): Promise<boolean> {
  return (await db.client.syncJob.count({ where: { id: jobId, state: "applying" } })) > 0;
}
