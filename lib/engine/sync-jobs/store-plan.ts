import type { Context } from "@/lib/context";
import { join, type RawQueryable, sql } from "@/lib/db/database";
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
    const count = await stay(tx, jobId, state);
    if (count > 0) await tx.syncItem.deleteMany({ where: { jobId } });
    return count > 0;
  }, "sync.drop");
}

/** Keeps the job in the state that it is in until the transaction ends. @returns 0 when it is in another one */
function stay(tx: RawQueryable, jobId: number, state: string): Promise<number> {
  return tx.$executeRaw(sql`UPDATE "SyncJob" SET "state" = ${state} WHERE "id" = ${jobId} AND "state" = ${state}`);
}

/** Stores steps of a plan that is being made. @throws PlanGone */
export async function storeItems(ctx: Context, jobId: number, items: readonly NewItem[]): Promise<void> {
  const text = (value: unknown) => (value === null ? null : JSON.stringify(value));
  await ctx.db.relaxedTransaction(async (tx) => {
    if ((await stay(tx, jobId, "planning")) === 0) throw new PlanGone();
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
