import type { Context } from "@/lib/context";
import { sql } from "@/lib/db/database";
import { readSettings } from "@/lib/settings/settings";
import { askApproval } from "@/lib/sync-jobs/approval";
import type { PlannedMember, SyncJob } from "@/lib/sync-jobs/job";

interface Made {
  readonly members: readonly PlannedMember[];
  readonly compared: number;
  readonly hash: string;
  readonly count: number;
  /** Why there is nothing to plan with; null: there is something. */
  readonly error: string | null;
}

/** Makes a plan whose steps are stored ready to be looked at. What could do harm waits for approval from then on. */
export async function finishPlan(
  ctx: Context,
  job: Pick<SyncJob, "id">,
  { members, compared, hash, count, error }: Made,
): Promise<void> {
  const now = BigInt(ctx.clock.now());
  const end =
    error !== null
      ? { state: "failed", finishedAt: now, error }
      : { plannedAt: now, ...(count === 0 ? { state: "done", finishedAt: now } : { state: "ready" }) };
  await ctx.db.transaction(async (tx) => {
    const made = await tx.syncJob.updateMany({
      where: { id: job.id, state: "planning" },
      data: { planHash: hash, compared, members: JSON.stringify(members), ...end },
    });
    if (made.count === 0 || end.state !== "ready") return;
    const { mostRemovals } = await readSettings(tx, "cluster");
    const removals = { jobId: job.id, state: "planned", kind: "remove" };
    if ((await tx.syncItem.count({ where: removals })) > mostRemovals)
      await tx.$executeRaw(sql`
        UPDATE "SyncItem" SET "marks" = CASE WHEN "marks" = '[]' THEN '["many-removals"]'
          ELSE substr("marks", 1, length("marks") - 1) || ',"many-removals"]' END
        WHERE "jobId" = ${job.id} AND "state" = 'planned' AND "kind" = 'remove'`);
    const marked = await tx.syncItem.count({ where: { jobId: job.id, state: "planned", NOT: { marks: "[]" } } });
    if (marked > 0) await askApproval(tx, ctx, await tx.syncJob.findUniqueOrThrow({ where: { id: job.id } }));
  }, "sync.ready");
}
