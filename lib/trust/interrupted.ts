import { engineActor } from "@/lib/access/actor";
import type { Context } from "@/lib/context";
import { publish } from "@/lib/live/bus";
import { heldBack } from "@/lib/members/held";
import { checkTrust } from "./check";
import { setUpTrust } from "./set-up";
import { tellTrust } from "./tell-trust";
import { endTrustTokens } from "./trust-token";

/** A set-up takes under a minute. */
const OVER_AFTER_MS = 2 * 60_000;

const TAKEN_BACK =
  "Setting it up was interrupted when this server stopped, and was taken back: the API token that had been made for it was revoked.";
const FINISHED =
  "Setting it up was interrupted when this server stopped, and was finished when it started again: the member had stored this server already.";

interface Orphan {
  readonly id: number | bigint;
  readonly memberId: number | bigint;
}

/**
 * Sees to reverse trusts whose setting up ended with the server in the middle of it: a token that was made for a member and belongs to no completed trust.
 * The token is ended, whatever the member did with it. Then the member is asked for its half: where it has stored this server, with a token that is gone, the
 * trust is set up anew, which gives it another; where it has not, nothing is left at either end, and the page says so. A member that cannot be asked is asked
 * again when it is due.
 * @param startedAt when this process started, where it is the only one on its database: what is older is nobody's work any more
 * @returns how many tokens were ended
 */
export async function takeBackInterrupted(ctx: Context, startedAt = 0): Promise<number> {
  const at = ctx.clock.now();
  const before = Math.max(startedAt, at - OVER_AFTER_MS);
  const orphans = await ctx.db.client.$queryRaw<Orphan[]>`
    SELECT t."id", t."memberId" FROM "ApiToken" t WHERE t."memberId" IS NOT NULL AND t."createdAt" < ${BigInt(before)}
      AND NOT EXISTS (SELECT 1 FROM "Member" m WHERE m."id" = t."memberId" AND m."trustTokenId" = t."id")`;
  for (const { id, memberId } of orphans) await takeBack(ctx, { id: Number(id), memberId: Number(memberId) }, at);
  // What was taken back, now or by a server that was killed since, and members that could not be asked the last time.
  const waiting = await ctx.db.client.member.findMany({
    where: { trustThere: "interrupted", trustDueAt: { lte: BigInt(at) } },
  });
  for (const member of waiting) if (heldBack(member) === null) await settle(ctx, member.id);
  return orphans.length;
}

/** A member that is held is asked when it works again: nothing is asked of it now. */
async function takeBack(ctx: Context, { id, memberId }: { id: number; memberId: number }, at: number): Promise<void> {
  const data = { trustThere: "interrupted", trustDetail: TAKEN_BACK, trustDueAt: BigInt(at) };
  await ctx.db.transaction(async (tx) => {
    // Somebody may have set it up meanwhile, which ends the token as well.
    const ended = await endTrustTokens(tx, engineActor, { id }, { at, why: "the reverse trust was never completed" });
    if (ended > 0) await tx.member.updateMany({ where: { id: memberId }, data });
  }, "trust.take-back");
}

async function settle(ctx: Context, id: number): Promise<void> {
  const heard = await checkTrust(ctx, engineActor, { id }, TAKEN_BACK);
  // A WHM does not say whether the token that it holds works. Somebody may have set it up while the member was asked.
  const isStoredThere = heard === "broken" || heard === "unchecked";
  const isOpen = (await ctx.db.client.member.count({ where: { id, trustThere: "interrupted" } })) > 0;
  if (isStoredThere && isOpen && !(await setUpTrust(ctx, engineActor, { id }, FINISHED)).isEstablished)
    await ctx.db.transaction(async (tx) => {
      const where = { id, trustThere: "interrupted" };
      const { count } = await tx.member.updateMany({ where, data: { trustThere: heard } });
      if (count > 0) await tellTrust(tx, ctx, id);
    }, "trust.unfinished");
  publish("cluster");
}
