import type { Context } from "@/lib/context";
import type { Queryable } from "@/lib/db/database";
import { memberName } from "@/lib/members/member-name";
import type { Problem } from "@/lib/sync/problem";
import { beginEpisode, begunFacts, endEpisode, type Watched } from "../episodes";
import { closeLeft, eachObserved, findProblems, GRACE_MS, isAnything, type ObservedTarget } from "./observed-targets";

type Difference = Exclude<Problem, "unreachable">;

const WORDS: Readonly<Record<Difference, string>> = {
  lame: "not answered for",
  missing: "missing",
  "old-serial": "old serial",
  "newer-serial": "newer serial",
  content: "other content",
  extra: "still answered",
};
const DIFFERENCES = Object.keys(WORDS) as Difference[];

/**
 * Tells that a nameserver serves otherwise than its target acknowledged, once for each target until nothing differs there any more. That it does not answer is
 * no difference, and has a notice of its own; nor is it the end of one, as nobody knows what it serves.
 */
export async function tellDrift(ctx: Context): Promise<void> {
  if (!(await isAnything(ctx.db.client, "drift-found", DIFFERENCES))) return;
  await eachObserved(ctx, (tx, target) => tellTarget(tx, ctx, target));
  await closeLeft(ctx, "drift-found");
}

async function tellTarget(tx: Queryable, ctx: Context, target: ObservedTarget): Promise<void> {
  const { member, isFailing } = target;
  const name = member ? memberName(member) : "This server";
  const watched: Watched<"drift-found"> = {
    ...{ event: "drift-found", key: member ? `member:${member.id}` : "local", ownerId: member?.ownerId ?? null },
    ...(member ? { memberId: member.id } : {}),
  };
  const { first, ...found } = await findProblems(tx, target, DIFFERENCES);
  if (found.zones > 0) {
    if (found.since > ctx.clock.now() - GRACE_MS) return;
    return beginEpisode(tx, ctx, watched, { member: name, ...found, first: first.map(causeOf) });
  }
  if (isFailing && member) return;
  const begun = await begunFacts(tx, watched);
  if (begun === null || (await findProblems(tx, target, ["unreachable"])).zones > 0) return;
  await endEpisode(tx, ctx, watched, { event: "drift-over", facts: { member: name, since: begun.since } });
}

function causeOf({ name, problem, detail }: { name: string; problem: Problem; detail: string | null }) {
  const words = WORDS[problem as Difference];
  return { zone: name, cause: detail === null ? words : `${words}: ${detail}` };
}
