import type { Context } from "@/lib/context";
import { join, sql } from "@/lib/db/database";
import { staysIn } from "./job-state";
import type { NewItem } from "./plan-items";

/** Steps in one statement. */
const ROWS = 50;

/** The job was cancelled meanwhile: what was planned is of no use to anybody. */
export class PlanGone extends Error {
  override readonly name = "PlanGone";
}

/**
 * Takes the steps of a plan away: it is begun from the start, or of no use any more.
 * @param state that the job has to be in: the steps of one that was made meanwhile are somebody's to look at
 * @returns whether it is
 */
export async function dropItems(ctx: Context, jobId: number, state: "planning" | "cancelled"): Promise<boolean> {
  return ctx.db.transaction(async (tx) => {
    if (!(await staysIn(tx, jobId, state))) return false;
    await tx.syncItem.deleteMany({ where: { jobId } });
    return true;
  }, "sync.drop");
}

/** Stores steps of a plan that is being made. @throws PlanGone */
export async function storeItems(ctx: Context, jobId: number, items: readonly NewItem[]): Promise<void> {
  const text = (value: unknown) => (value === null ? null : JSON.stringify(value));
  await ctx.db.relaxedTransaction(async (tx) => {
    if (!(await staysIn(tx, jobId, "planning"))) throw new PlanGone();
    for (let at = 0; at < items.length; at += ROWS) {
      const rows = items
        .slice(at, at + ROWS)
        .map(
          (item) =>
            sql`(${jobId}, ${item.zone}, ${item.memberId}, ${item.action}, ${item.kind}, ${text(item.there)}, ${text(item.wanted)}, ${item.hereSeq}, ${item.records}, ${JSON.stringify(item.marks)}, ${text(item.diff)}, ${item.state}, ${item.message})`,
        );
      await tx.$executeRaw(sql`
        INSERT INTO "SyncItem" ("jobId", "zone", "memberId", "action", "kind", "there", "wanted", "hereSeq", "records", "marks", "diff", "state", "message")
        VALUES ${join(rows)}`);
    }
  }, "sync.items");
}
