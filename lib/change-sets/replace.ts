import { type Actor, actorId } from "@/lib/access/actor";
import { authorize } from "@/lib/access/authorize";
import { recordAudit } from "@/lib/audit/record";
import type { Context } from "@/lib/context";
import { join, sql } from "@/lib/db/database";
import { AppError } from "@/lib/errors";
import { publish } from "@/lib/live/bus";
import { endChangeSet } from "./apply-slice";
import { type ChangeSet, createChangeSet, OPEN_STATES } from "./change-set";
import { findChangeSet } from "./find";
import type { ReplaceRequest, TickRequest } from "./schemas";

/**
 * Asks for a plan: which zones have the value, and how often. Nothing is changed before `applyReplace`. A plan that the same person made before and did not
 * agree to goes.
 * @returns the number of the change set
 * @throws AppError "forbidden"
 */
export async function planReplace(ctx: Context, actor: Actor, request: ReplaceRequest): Promise<{ id: number }> {
  authorize(actor, "zone.write");
  const at = ctx.clock.now();
  const id = await ctx.db.transaction(async (tx) => {
    await tx.changeSet.updateMany({
      where: { kind: "replace", actorId: actorId(actor), state: { in: ["planning", "ready"] } },
      data: { state: "cancelled", finishedAt: BigInt(at) },
    });
    const replace = { ...request, seenZoneId: 0 };
    return createChangeSet(tx, actor, { kind: "replace", state: "planning", at, work: { replace } });
  });
  publish("zones");
  return { id };
}

/** Whoever asked for a change set, and root, may go on with it. */
async function ownChangeSet(ctx: Context, actor: Actor, id: number): Promise<ChangeSet> {
  const { ownerId } = authorize(actor, "zone.write");
  const set = await findChangeSet(ctx, actor, id);
  if (ownerId !== null && set.actorId !== ownerId)
    throw new AppError("forbidden", "Somebody else asked for this. Only they, and root, can do that.");
  return set;
}

/** Takes zones of a plan in, or leaves them out. @throws AppError "not-found"; "conflict" when it is no plan any more */
export async function tickZones(ctx: Context, actor: Actor, { id, names, isTicked }: TickRequest): Promise<void> {
  await ownChangeSet(ctx, actor, id);
  await ctx.db.transaction(async (tx) => {
    const among =
      names === undefined
        ? sql`1 = 1`
        : sql`"zoneId" IN (SELECT z."id" FROM "Zone" z WHERE z."name" IN (${join(names.length > 0 ? names : [""])}))`;
    const [from, to] = isTicked ? ["left-out", "planned"] : ["planned", "left-out"];
    await tx.$executeRaw(sql`
      UPDATE "ChangeItem" SET "state" = ${to} WHERE "changeSetId" = ${id} AND "state" = ${from} AND ${among}`);
    if ((await tx.changeSet.count({ where: { id, state: "ready" } })) === 0)
      throw new AppError("conflict", "It is no plan any more. Reload the page.");
  });
  publish("zones");
}

/**
 * Has a plan carried out, for the zones that are ticked. Each is changed as it is then; what has the value since the plan was made is left alone.
 * @throws AppError "not-found"; "conflict" when it is not ready, or no zone is ticked
 */
export async function applyReplace(ctx: Context, actor: Actor, { id }: { id: number }): Promise<void> {
  const { work } = await ownChangeSet(ctx, actor, id);
  const at = ctx.clock.now();
  await ctx.db.transaction(async (tx) => {
    const { count } = await tx.changeSet.updateMany({
      where: { id, state: "ready" },
      data: { state: "running", appliedAt: BigInt(at) },
    });
    if (count === 0) throw new AppError("conflict", "It is not ready, or was carried out already. Reload the page.");
    const zones = await tx.changeItem.count({ where: { changeSetId: id, state: "planned" } });
    if (zones === 0) throw new AppError("conflict", "No zone is ticked.");
    const { type, from, to, ttl } = work.replace ?? { type: "A", from: "", to: "", ttl: null };
    const detail = { changeSet: id, type, from, to, ttl, zones };
    await recordAudit(tx, actor, { at, action: "changes.replace", subject: `change set ${id}`, detail });
  });
  publish("zones");
}

/** Ends a change set that is under way; zones that were changed stay changed, and can be undone. @throws AppError "not-found", "conflict" */
export async function cancelChangeSet(ctx: Context, actor: Actor, { id }: { id: number }): Promise<void> {
  const { state } = await ownChangeSet(ctx, actor, id);
  if (!OPEN_STATES.includes(state)) throw new AppError("conflict", "It has ended already. Reload the page.");
  await endChangeSet(ctx, id, "cancelled", null, (tx) =>
    recordAudit(tx, actor, {
      at: ctx.clock.now(),
      action: "changes.cancel",
      subject: `change set ${id}`,
      detail: { changeSet: id },
    }),
  );
}
