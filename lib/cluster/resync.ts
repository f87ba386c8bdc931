import type { Actor } from "@/lib/access/actor";
import { recordAudit } from "@/lib/audit/record";
import type { Context } from "@/lib/context";
import type { Queryable } from "@/lib/db/database";
import { AppError } from "@/lib/errors";
import { publish } from "@/lib/live/bus";
import { memberName } from "@/lib/members/member-name";
import { findMember } from "@/lib/members/queries";
import type { Target } from "@/prisma/generated/sqlite/client";

/** The target does not wait: it may be called at once. */
const DUE = { retryAt: 0n, attempts: 0 };

/**
 * "Synchronize all zones again": makes the engine ask the member what it holds, void every acknowledgement, and send what differs.
 * Nothing is wiped. Edits made meanwhile still go first.
 * @throws AppError "not-found"; "conflict" for a Standalone member, to which nothing is sent.
 */
export async function requestResync(ctx: Context, actor: Actor, input: { memberId: number }): Promise<void> {
  await changeTarget(ctx, actor, input.memberId, "member.resync", async (tx, target) => {
    await tx.target.update({ where: { id: target.id }, data: { ...DUE, needsCompare: true } });
  });
}

/**
 * "Try again now": ends the waiting of the member and of every zone that was set aside there.
 * @throws AppError "not-found"; "conflict" for a Standalone member.
 */
export async function retryNow(ctx: Context, actor: Actor, input: { memberId: number }): Promise<void> {
  await changeTarget(ctx, actor, input.memberId, "member.retry", async (tx, target) => {
    const now = BigInt(ctx.clock.now());
    await tx.zoneTarget.updateMany({
      where: { targetId: target.id, retryAt: { not: null } },
      data: { retryAt: now },
    });
    await tx.zoneTarget.updateMany({
      where: { targetId: target.id, verifyAt: { not: null } },
      data: { verifyAt: now },
    });
    await tx.target.update({ where: { id: target.id }, data: DUE });
  });
}

async function changeTarget(
  ctx: Context,
  actor: Actor,
  memberId: number,
  action: `member.${string}`,
  change: (tx: Queryable, target: Target) => Promise<void>,
): Promise<void> {
  const member = await findMember(ctx, actor, memberId);
  await ctx.db.transaction(async (tx) => {
    await recordAudit(tx, actor, { at: ctx.clock.now(), action, subject: memberName(member) });
    const target = await tx.target.findUnique({ where: { memberId } });
    if (!target)
      throw new AppError("conflict", "Nothing is sent to a Standalone member. Choose another DNS role first.");
    await change(tx, target);
  });
  publish("cluster");
  ctx.wake();
}
