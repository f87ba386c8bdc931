import type { Actor } from "@/lib/access/actor";
import { authorize } from "@/lib/access/authorize";
import { recordAudit } from "@/lib/audit/record";
import type { Context } from "@/lib/context";
import { AppError } from "@/lib/errors";
import { publish } from "@/lib/live/bus";
import { zoneContests } from "./queries-contest";

/**
 * Takes the mark of a zone that two servers wrote away: root has seen to it that one of them keeps writing. It comes back when they both do again.
 * @param input.name apex, canonical
 * @throws AppError "forbidden"; "not-found" when there is no such zone, or it carries no mark any more
 */
export async function keepOneWriter(ctx: Context, actor: Actor, input: { name: string }): Promise<void> {
  authorize(actor, "zone.assign");
  const zone = await ctx.db.client.zone.findUnique({ where: { name: input.name }, select: { id: true } });
  const contest = zone && (await zoneContests(ctx, actor, [zone.id])).get(zone.id);
  if (!contest) throw new AppError("not-found", "The zone carries no such mark any more. Reload the page.");
  await ctx.db.transaction(async (tx) => {
    // One that was set meanwhile says something that root has not seen.
    const { count } = await tx.zone.updateMany({
      where: { id: zone.id, contestedAt: BigInt(contest.at) },
      data: { contestedAt: null, contestedById: null, contestedOverId: null },
    });
    if (count === 0) throw new AppError("conflict", "The zone was written by two servers again this moment.");
    await recordAudit(tx, actor, {
      at: ctx.clock.now(),
      action: "zone.keep-one-writer",
      subject: input.name,
      detail: { writers: contest.writers },
    });
  });
  publish("zones");
  publish(`zone:${input.name}`);
}
