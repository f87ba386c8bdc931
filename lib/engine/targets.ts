import type { Context } from "@/lib/context";
import type { Queryable } from "@/lib/db/database";
import { currentSequence } from "@/lib/db/sequence";
import { readSettings } from "@/lib/settings/settings";
import type { TargetState } from "@/lib/sync/ports";

/** The local nameserver's target, made at the first start. */
export async function ensureLocalTarget(ctx: Context): Promise<number> {
  return ctx.db.transaction(async (tx) => {
    const found = await tx.target.findFirst({ where: { memberId: null } });
    if (found) return found.id;
    return (await tx.target.create({ data: { memberId: null, createdAt: BigInt(ctx.clock.now()) } })).id;
  });
}

function stateOf(row: Awaited<ReturnType<Queryable["target"]["findMany"]>>[number]): TargetState {
  return {
    id: row.id,
    memberId: row.memberId,
    cursor: { floor: Number(row.floorSeq), backlog: Number(row.backlogSeq), seen: Number(row.seenSeq) },
    needsCompare: row.needsCompare,
    attempts: row.attempts,
    retryAt: Number(row.retryAt),
  };
}

/** Every target that the engine works on now: members only while clustering is enabled. `head` is read before the targets. */
export async function loadTargets(ctx: Context): Promise<{ head: number; targets: TargetState[] }> {
  const db = ctx.db.client;
  const { isEnabled } = await readSettings(db, "cluster");
  const head = await currentSequence(db);
  const rows = await db.target.findMany({ where: isEnabled ? {} : { memberId: null } });
  return { head, targets: rows.map(stateOf) };
}

/** One target as it stands; null when it is gone. */
export async function loadTarget(ctx: Context, id: number): Promise<TargetState | null> {
  const row = await ctx.db.client.target.findUnique({ where: { id } });
  return row && stateOf(row);
}

/** The target is asked what it holds before anything else is sent to it, at once. */
export async function requestCompare(tx: Queryable, targetId: number): Promise<void> {
  await tx.target.update({ where: { id: targetId }, data: { needsCompare: true, attempts: 0, retryAt: 0n } });
}
