import type { Actor } from "@/lib/access/actor";
import { authorize } from "@/lib/access/authorize";
import { recordAudit } from "@/lib/audit/record";
import type { Context } from "@/lib/context";
import { type Queryable, sql } from "@/lib/db/database";
import { AppError } from "@/lib/errors";
import { publish } from "@/lib/live/bus";
import { findZone } from "@/lib/zones/zone-row";
import { createChangeSet } from "./change-set";
import { findChangeSet } from "./find";
import type { UndoZoneRequest } from "./schemas";
import { touchedZones } from "./touched";
import type { Work } from "./work";

/**
 * Takes a change set back, as far as nothing came after it: each zone of it that is still as the set left it gets a new revision with what was there before.
 * The undo is a change set itself, which is carried out in slices and can be undone. Zones with later edits are left alone: see `undoOneZone`.
 * @returns the number of the change set that undoes it
 * @throws AppError "not-found"; "conflict" when there is nothing to undo, and while it is carried out
 */
export async function undoChangeSet(ctx: Context, actor: Actor, { id }: { id: number }): Promise<{ id: number }> {
  const { ownerId } = authorize(actor, "zone.write");
  await assertOver(ctx, actor, id);
  return begin(ctx, actor, id, {}, async (tx, undoId) => {
    const zones = await tx.$executeRaw(sql`
      INSERT INTO "ChangeItem" ("changeSetId", "zoneId", "mode", "state")
      SELECT * FROM (WITH ${touchedZones(id, ownerId)}
        SELECT CAST(${undoId} AS INTEGER), "zoneId", 'plain', 'planned' FROM "Touched" WHERE "state" = 'open' ORDER BY "name") o`);
    if (zones > 0) return zones;
    throw new AppError(
      "conflict",
      "Nothing of it can be undone as it is: its zones were undone already, or edited since. Look at them one by one.",
    );
  });
}

/**
 * Takes a change set back for one zone that was edited since.
 * @param request.mode "merge": the later edits stay; "restore": the zone becomes as it was before the set
 * @param request.seq what was looked at: a zone that was changed again is left alone
 * @throws AppError "not-found", "conflict"
 */
export async function undoOneZone(ctx: Context, actor: Actor, request: UndoZoneRequest): Promise<{ id: number }> {
  const { ownerId } = authorize(actor, "zone.write");
  await assertOver(ctx, actor, request.id);
  const zone = await findZone(ctx.db.client, request.name);
  if (!zone || (ownerId !== null && zone.ownerId !== ownerId))
    throw new AppError("not-found", "There is no such zone here, or it is not yours.");
  if (zone.seq !== request.seq)
    throw new AppError("conflict", "The zone was changed again this moment. Look at it again.");
  return begin(ctx, actor, request.id, { expectedSeq: request.seq }, async (tx, undoId) => {
    const zones = await tx.$executeRaw(sql`
      INSERT INTO "ChangeItem" ("changeSetId", "zoneId", "mode", "state")
      SELECT * FROM (WITH ${touchedZones(request.id, ownerId, zone.id)}
        SELECT CAST(${undoId} AS INTEGER), "zoneId", CAST(${request.mode} AS TEXT), 'planned' FROM "Touched" WHERE "state" <> 'undone') o`);
    if (zones === 0) throw new AppError("conflict", "The zone is no part of this change set, or was undone already.");
    return zones;
  });
}

async function assertOver(ctx: Context, actor: Actor, id: number): Promise<void> {
  const { state, appliedAt } = await findChangeSet(ctx, actor, id);
  if (appliedAt === null) throw new AppError("conflict", "It was never carried out: there is nothing to undo.");
  if (state === "running") throw new AppError("conflict", "It is being carried out. Wait for its end, or cancel it.");
}

async function begin(
  ctx: Context,
  actor: Actor,
  undoOf: number,
  work: Work,
  choose: (tx: Queryable, undoId: number) => Promise<number>,
): Promise<{ id: number }> {
  const at = ctx.clock.now();
  const id = await ctx.db.transaction(async (tx) => {
    const undoId = await createChangeSet(tx, actor, { kind: "undo", state: "running", at, work, undoOf });
    const zones = await choose(tx, undoId);
    const detail = { changeSet: undoId, zones };
    await recordAudit(tx, actor, { at, action: "changes.undo", subject: `change set ${undoOf}`, detail });
    return undoId;
  });
  publish("zones");
  return { id };
}
