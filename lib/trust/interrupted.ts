import { engineActor } from "@/lib/access/actor";
import type { Context } from "@/lib/context";
import { publish } from "@/lib/live/bus";
import { heldBack } from "@/lib/members/held";
import { checkTrust } from "./check";
import { setUpTrust } from "./set-up";
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
  for (const { id } of orphans)
    await ctx.db.transaction((tx) =>
      endTrustTokens(tx, engineActor, { id: Number(id) }, { at, why: "the reverse trust was never completed" }),
    );
  // Those that could not be asked the last time are asked again.
  const waiting = await ctx.db.client.member.findMany({
    where: { trustThere: "interrupted", trustDueAt: { lte: BigInt(at) } },
    select: { id: true },
  });
  const ids = [...orphans.map(({ memberId }) => Number(memberId)), ...waiting.map(({ id }) => id)];
  for (const id of new Set(ids)) await settle(ctx, id);
  return orphans.length;
}

async function settle(ctx: Context, id: number): Promise<void> {
  const { member } = ctx.db.client;
  const before = await member.findUnique({ where: { id } });
  if (!before) return;
  if (heldBack(before) !== null) {
    // Nothing is asked of it now: it is with the first call after it works again.
    await member.updateMany({ where: { id }, data: { trustThere: "interrupted", trustDetail: TAKEN_BACK } });
    return;
  }
  const heard = await checkTrust(ctx, engineActor, { id });
  // A WHM does not say whether the token that it holds works.
  const isStoredThere = heard === "broken" || heard === "unchecked";
  const isFinished = isStoredThere && (await setUpTrust(ctx, engineActor, { id })).isEstablished;
  const row = await member.findUnique({ where: { id }, select: { trustDetail: true } });
  // Why the member could not be asked, or does not get through, stays before it.
  const why = !isFinished && (heard === "broken" || heard === "silent") ? row?.trustDetail : null;
  const trustDetail = [why, isFinished ? FINISHED : TAKEN_BACK].filter(Boolean).join(" ");
  await member.updateMany({
    where: { id },
    data: { trustDetail, ...(heard === "silent" ? { trustThere: "interrupted" } : {}) },
  });
  publish("cluster");
}
