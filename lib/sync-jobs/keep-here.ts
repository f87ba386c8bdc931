import type { Actor } from "@/lib/access/actor";
import type { Context } from "@/lib/context";
import { isNewerSerial } from "@/lib/dns/serial";
import { parseCanonicalZone } from "@/lib/dns/zone-file";
import { AppError } from "@/lib/errors";
import { memberName } from "@/lib/members/member-name";
import { advanceSerial } from "@/lib/zones/advance-serial";
import { commitRevision, StaleZone } from "@/lib/zones/commit-revision";
import { findZone } from "@/lib/zones/zone-row";
import { assertLookedAt, findWaiting, rejectPlan } from "./approval";
import { itemOf, type SyncItem } from "./job";
import { planHash as hashOf } from "./plan-hash";
import type { ApproveRequest } from "./schemas";

/**
 * Rejects a plan of copies that wait (./hold-copies), and lets what is here win: each zone gets a serial above the copy's, so that it is sent there and replaces
 * it. With its own serial it never would, and every edit of it would be answered with the copy again. Zones that changed here since are left as they are.
 *
 * What stops in the middle leaves the plan waiting with the rest of its zones, and so does a copy that comes to wait meanwhile.
 * @returns how many zones are kept so
 * @throws AppError "forbidden", also for API tokens; "not-found"; "conflict" when it does not wait, is another kind of plan, or is another plan than
 *   `planHash` says
 */
export async function keepHere(
  ctx: Context,
  actor: Actor,
  { id, planHash }: ApproveRequest,
): Promise<{ kept: number }> {
  const { choice, memberId } = await findWaiting(ctx.db.client, actor, id);
  if (choice !== "held-copies") throw new AppError("conflict", "This is no plan of copies that wait.");
  const member = await ctx.db.client.member.findUnique({ where: { id: memberId ?? 0 } });
  const reason = `Kept instead of the copy at ${member ? memberName(member) : "a server"}`;
  const rows = await ctx.db.client.syncItem.findMany({
    where: { jobId: id },
    orderBy: [{ zone: "asc" }, { id: "asc" }],
  });
  const items = rows.map(itemOf);
  // Of what was read, and not of what the plan is by then.
  assertLookedAt({ planHash: hashOf(items) }, planHash);
  let kept = 0;
  for (const item of items.filter(({ state }) => state === "planned"))
    if (await moveAbove(ctx, actor, item, reason)) kept++;
  await rejectPlan(ctx, actor, { id, planHash });
  return { kept };
}

/** @returns false: the zone was changed since */
async function moveAbove(ctx: Context, actor: Actor, item: SyncItem, reason: string): Promise<boolean> {
  const { zone: name, there, hereSeq } = item;
  const before = await findZone(ctx.db.client, name);
  if (!before || before.seq !== hereSeq || before.deletedAt !== null) return false;
  const newest = there && isNewerSerial(there.serial, before.serial) ? there.serial : before.serial;
  const { text } = await ctx.db.client.revision.findUniqueOrThrow({ where: { seq: BigInt(hereSeq) } });
  const zone = advanceSerial(ctx.clock.now(), parseCanonicalZone(text, name), newest);
  try {
    await commitRevision(ctx, actor, { name, zone, kind: "edit", reason, ownerId: before.ownerId, before });
    return true;
  } catch (error) {
    if (error instanceof StaleZone) return false;
    throw error;
  }
}
