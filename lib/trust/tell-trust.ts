import type { Context } from "@/lib/context";
import { beginEpisode, endEpisode, type Watched } from "@/lib/notifications/episodes";
import { readTrusts } from "./read-trusts";

/** Tells that the trust with a member broke, or that it works again, as what is stored says. A trust of which nothing is known tells nothing. */
export async function tellTrust(ctx: Context, memberId: number): Promise<void> {
  const member = await ctx.db.client.member.findUnique({ where: { id: memberId } });
  const trust = member && (await readTrusts(ctx, [member])).get(memberId);
  if (!trust || trust.state === "unknown") return;
  const { ownerId, hostname } = member;
  const watched: Watched<"trust-broken"> = { event: "trust-broken", key: `member:${memberId}`, ownerId, memberId };
  const broken = [trust.ours, trust.theirs].find(({ state }) => state === "broken");
  await ctx.db.transaction(async (tx) => {
    // Keeps a second look at the same member out until the end; and one that was deleted meanwhile has nothing to tell.
    const { count } = await tx.member.updateMany({ where: { id: memberId }, data: { hostname } });
    if (count === 0) return;
    if (broken) await beginEpisode(tx, ctx, watched, { member: hostname, cause: broken.reason });
    else await endEpisode(tx, ctx, watched, { event: "trust-mended", facts: { member: hostname } });
  });
}
