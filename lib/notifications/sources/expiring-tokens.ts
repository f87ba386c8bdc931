import type { Context } from "@/lib/context";
import { warnOf } from "../episodes";
import { expiresSoon } from "../expiry";
import type { NewNotice } from "../raise";

/** A month is more than any warning comes before its end. */
const WINDOW_MS = 31 * 24 * 60 * 60_000;

/** Warns of API tokens that expire soon; one that was given a later end, was revoked or has expired ends its warning. */
export async function warnOfTokens(ctx: Context): Promise<void> {
  const now = ctx.clock.now();
  await ctx.db.transaction(async (tx) => {
    const tokens = await tx.apiToken.findMany({
      where: { expiresAt: { gt: BigInt(now), lte: BigInt(now + WINDOW_MS) } },
    });
    const due = tokens.filter(({ createdAt, expiresAt }) => expiresSoon(now, Number(createdAt), Number(expiresAt)));
    const users = await tx.user.findMany({ where: { id: { in: due.map(({ userId }) => userId) } } });
    const members = await tx.member.findMany({ where: { trustTokenId: { in: due.map(({ id }) => id) } } });
    const wanted = due.map(({ id, name, userId, expiresAt }): NewNotice<"token-expiring"> => {
      const member = members.find(({ trustTokenId }) => trustTokenId === id);
      return {
        ...{ event: "token-expiring", episode: `token:${id}:${expiresAt}`, ownerId: userId, memberId: member?.id },
        facts: {
          token: name,
          username: users.find((user) => user.id === userId)?.username ?? "",
          expiresAt: Number(expiresAt),
          heldBy: member?.hostname ?? null,
        },
      };
    });
    await warnOf(tx, ctx, "token-expiring", wanted);
  }, "notice.tokens");
}
