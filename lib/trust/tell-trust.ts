import type { Context } from "@/lib/context";
import type { Queryable } from "@/lib/db/database";
import { beginEpisode, dropEpisode, endEpisode, type Watched } from "@/lib/notifications/episodes";
import { readTrusts } from "./read-trusts";
import type { Trust } from "./trust-state";

interface TellOptions {
  /** The member had this server in its cluster when it was asked before. */
  readonly hadUs?: boolean;
}

/**
 * Tells that the trust with a member broke, or that it works again, as what is stored says. What is not known, or was never there, tells nothing and ends
 * nothing. An episode ends untold where their half is gone and nobody needs it: it does not work again.
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
  const cause = brokenBy(trust, hadUs);
  const works = trust.ours.state === "works";
  if (cause !== null) await beginEpisode(tx, ctx, watched, { member: hostname, cause });
  else if (works && (trust.theirs.state === "works" || !trust.canSetUp))
    await endEpisode(tx, ctx, watched, { event: "trust-mended", facts: { member: hostname } });
  else if (works && trust.state === "not-required") await dropEpisode(tx, ctx, watched);
}

/** Why the trust is broken; null: it is not. A half that is needed and was there before is. */
function brokenBy({ state, ours, theirs }: Trust, hadUs: boolean): string | null {
  const broken = [ours, theirs].find((half) => half.state === "broken");
  if (broken) return broken.reason;
  return hadUs && state === "one-way" ? theirs.reason : null;
}
