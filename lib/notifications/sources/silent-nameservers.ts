import type { Context } from "@/lib/context";
import type { Queryable } from "@/lib/db/database";
import { memberName } from "@/lib/members/member-name";
import type { Problem } from "@/lib/sync/problem";
import { beginEpisode, begunFacts, endEpisode, type Watched } from "../episodes";
import { closeLeft, eachObserved, findProblems, GRACE_MS, isAnything, type ObservedTarget } from "./observed-targets";

const SILENT: readonly Problem[] = ["unreachable"];

/**
 * Tells that a member's nameserver does not answer over DNS, once until it does. A member that is out of reach as a whole is not told of for that, nor said to be
 * back. The local nameserver is watched where it runs.
 */
export async function tellSilentNameservers(ctx: Context): Promise<void> {
  if (!(await isAnything(ctx.db.client, "nameserver-down", SILENT))) return;
  await eachObserved(ctx, (tx, target) => tellTarget(tx, ctx, target));
  await closeLeft(ctx, "nameserver-down");
}

async function tellTarget(tx: Queryable, ctx: Context, target: ObservedTarget): Promise<void> {
  const { member, isFailing } = target;
  if (!member || isFailing) return;
  const { id: memberId, ownerId } = member;
  const watched: Watched<"nameserver-down"> = {
    event: "nameserver-down",
    key: `member:${memberId}`,
    ownerId,
    memberId,
  };
  const name = memberName(member);
  const { zones, since, first } = await findProblems(tx, target, SILENT);
  if (zones > 0) {
    if (since > ctx.clock.now() - GRACE_MS) return;
    const cause = first[0]?.detail ?? "No answer comes back.";
    return beginEpisode(tx, ctx, watched, { member: name, cause, since, zones });
  }
  const begun = await begunFacts(tx, watched);
  if (begun === null) return;
  const facts = { member: name, downSince: begun.since };
  await endEpisode(tx, ctx, watched, { event: "nameserver-back", facts });
}
