import type { Context } from "@/lib/context";
import type { Queryable } from "@/lib/db/database";
import { endApproval } from "@/lib/sync-jobs/approval";

/** Members are deleted: what they held is nobody's worry here any more, and copies of theirs wait for nobody's yes. */
export async function forgetOrphans(tx: Queryable, ctx: Context, memberIds: readonly number[]): Promise<void> {
  const memberId = { in: [...memberIds] };
  await tx.orphan.deleteMany({ where: { memberId } });
  const held = { choice: "held-copies", state: "ready", memberId };
  for (const job of await tx.syncJob.findMany({ where: held })) {
    await endApproval(tx, ctx, job, { outcome: "expired", by: "" });
    await tx.syncItem.updateMany({ where: { jobId: job.id, state: "planned" }, data: { state: "cancelled" } });
    await tx.syncJob.update({
      where: { id: job.id },
      data: { state: "cancelled", finishedAt: BigInt(ctx.clock.now()) },
    });
  }
}
