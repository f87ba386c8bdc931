import type { Context } from "@/lib/context";
import type { Queryable } from "@/lib/db/database";
import { beginEpisode, begunFacts, dropEpisode, endEpisode, type Watched } from "@/lib/notifications/episodes";
import { readTrusts } from "./read-trusts";
import type { Trust } from "./trust-state";

interface TellOptions {
  /** The member had this server in its cluster when it was asked before. */
  readonly hadUs?: boolean;
}

/**
 * Tells that the trust with a member broke, or that it works again, as what is stored says. What is not known, or was never there, tells nothing and ends
 * nothing. It works again when the half that broke does. An episode ends untold where their half is gone and nobody needs it: it does not work again.
 * @param tx has written the member's row: that keeps a second look at it out until the end
 */
export async function tellTrust(
  tx: Queryable,
  ctx: Context,
  memberId: number,
  { hadUs = false }: TellOptions = {},
): Promise<void> {
  const member = await tx.member.findUniqueOrThrow({ where: { id: memberId } });
  const trust = (await readTrusts(tx, ctx, [member])).get(memberId);
  if (!trust) return;
  const { ownerId, hostname } = member;
  const watched: Watched<"trust-broken"> = { event: "trust-broken", key: `member:${memberId}`, ownerId, memberId };
  const broken = brokenHalf(trust, hadUs);
  if (broken !== null) {
    await beginEpisode(tx, ctx, watched, { member: hostname, cause: trust[broken].reason ?? "", half: broken });
    return;
  }
  if (trust.ours.state !== "works") return;
  const half = (await begunFacts(tx, watched))?.half;
  if (half === "ours" || trust.theirs.state === "works" || !trust.canSetUp)
    await endEpisode(tx, ctx, watched, { event: "trust-mended", facts: { member: hostname, half } });
  else if (trust.state === "not-required") await dropEpisode(tx, ctx, watched);
}

/** Which half is broken; null: none is. One of theirs that is needed and was there before is. */
function brokenHalf({ state, ours, theirs }: Trust, hadUs: boolean): "ours" | "theirs" | null {
  if (ours.state === "broken") return "ours";
  return theirs.state === "broken" || (hadUs && state === "one-way") ? "theirs" : null;
}
