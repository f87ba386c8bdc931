import type { Context } from "@/lib/context";
import { join, sql } from "@/lib/db/database";
import type { NewItem } from "./plan-items";

/** Steps in one statement. */
const ROWS = 50;

/** The job was cancelled meanwhile: what was planned is of no use to anybody. */
export class PlanGone extends Error {
  override readonly name = "PlanGone";
}

/** Takes the steps of a plan away: it is begun from the start, or of no use any more. */
export async function dropItems(ctx: Context, jobId: number): Promise<void> {
  await ctx.db.statement((db) => db.syncItem.deleteMany({ where: { jobId } }), "sync.drop");
}

/** Stores steps of a plan that is being made. @throws PlanGone */
export async function storeItems(ctx: Context, jobId: number, items: readonly NewItem[]): Promise<void> {
  const text = (value: unknown) => (value === null ? null : JSON.stringify(value));
  await ctx.db.relaxedTransaction(async (tx) => {
    const count = await tx.$executeRaw(
      sql`UPDATE "SyncJob" SET "state" = 'planning' WHERE "id" = ${jobId} AND "state" = 'planning'`,
    );
    if (count === 0) throw new PlanGone();
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
