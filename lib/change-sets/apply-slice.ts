import type { Actor } from "@/lib/access/actor";
import type { Context } from "@/lib/context";
import { join, type Queryable, sql } from "@/lib/db/database";
import { takeSequence } from "@/lib/db/sequence";
import { AppError } from "@/lib/errors";
import { publish } from "@/lib/live/bus";
import { publishZones } from "@/lib/live/publish-zones";
import { StaleZone, writeRevision } from "@/lib/zones/commit-revision";
import { moveRows } from "@/lib/zones/move-zones";
import { assertZoneRoom } from "@/lib/zones/zone-limit";
import { findZones } from "@/lib/zones/zone-row";
import { type ChangeSet, changeSetOf, type ItemState } from "./change-set";
import { jobActor } from "./job-actor";
import { type Item, type Step, stepFor } from "./step";

/** Zones of one slice, and records: a transaction keeps everybody else waiting. */
const SLICE = 50;
const SLICE_RECORDS = 50_000;

interface Planned {
  readonly item: Item;
  readonly step: Step;
}

/**
 * Carries out one slice of a change set: what each zone comes to is found out first, then all of it is written in one transaction, with what became of each
 * zone. A server that is killed in between has done a slice or has not. A zone that was changed meanwhile is looked at again with the next slice.
 * @returns whether to go on at once
 */
export async function applyChangeSlice(ctx: Context, id: number): Promise<boolean> {
  const row = await ctx.db.client.changeSet.findUnique({ where: { id } });
  if (row?.state !== "running") return false;
  const set = changeSetOf(row);
  const actor = await jobActor(ctx, set.actorId);
  if (!actor) {
    await endChangeSet(ctx, id, "cancelled", "The account that asked for it is gone or suspended.");
    return false;
  }
  const items = await nextItems(ctx, id);
  if (items.length === 0) {
    await endChangeSet(ctx, id, "done", null);
    return false;
  }
  const planned: Planned[] = [];
  for (const item of items) {
    planned.push({ item, step: await stepFor(ctx, actor, set, item) });
    // Pages and DNS checks get their turn in between.
    await new Promise(setImmediate);
  }
  const changed = await ctx.db.transaction((tx) => writeSlice(ctx, tx, actor, set, planned), "changes.slice");
  if (changed.length > 0) ctx.wake();
  publishZones(changed);
  return true;
}

async function nextItems(ctx: Context, changeSetId: number): Promise<Item[]> {
  const rows = await ctx.db.client.$queryRaw<{ id: number | bigint; mode: string; name: string }[]>(sql`
    SELECT i."id", i."mode", z."name" FROM "ChangeItem" i JOIN "Zone" z ON z."id" = i."zoneId"
    WHERE i."changeSetId" = ${changeSetId} AND i."state" = 'planned' ORDER BY i."id" LIMIT ${SLICE}`);
  const zones = await findZones(
    ctx.db.client,
    rows.map(({ name }) => name),
  );
  const items: Item[] = [];
  let records = 0;
  for (const { id, mode, name } of rows) {
    const zone = zones.get(name);
    if (!zone) continue;
    records += zone.recordCount;
    if (items.length > 0 && records > SLICE_RECORDS) break;
    items.push({ id: Number(id), mode, zone });
  }
  return items;
}

/** @returns the names of the zones that were changed */
async function writeSlice(
  ctx: Context,
  tx: Queryable,
  actor: Actor,
  set: ChangeSet,
  planned: readonly Planned[],
): Promise<string[]> {
  const first = await takeSequence(tx, planned.length);
  const now = ctx.clock.now();
  const still = await tx.changeSet.count({ where: { id: set.id, state: "running" } });
  const changed: string[] = [];
  if (still === 0) return changed;
  const alike = new Map<string, { ids: number[]; state: ItemState; message: string | null }>();
  for (const [index, { item, step }] of planned.entries()) {
    const result = await carryOut(ctx, tx, actor, set, { item, step }, first + index);
    if (!result) continue;
    if (result.state === "done") changed.push(item.zone.name);
    const key = `${result.state} ${result.message}`;
    const group = alike.get(key) ?? { ...result, ids: [] };
    alike.set(key, group);
    group.ids.push(item.id);
  }
  for (const { ids, state, message } of alike.values())
    await tx.$executeRaw(
      sql`UPDATE "ChangeItem" SET "state" = ${state}, "message" = ${message}, "at" = ${now} WHERE "id" IN (${join(ids)}) AND "state" = 'planned'`,
    );
  return changed;
}

/** @returns null: the zone is another one by now, and is looked at again */
async function carryOut(
  ctx: Context,
  tx: Queryable,
  actor: Actor,
  set: ChangeSet,
  { item, step }: Planned,
  seq: number,
): Promise<{ state: ItemState; message: string | null } | null> {
  if (step.kind === "settled") return { state: step.state, message: step.message };
  try {
    if (step.kind === "move") {
      const { zone } = item;
      const isSame = await tx.zone.count({ where: { id: zone.id, changeSeq: BigInt(zone.seq) } });
      if (isSame === 0) return null;
      const { ownerId, reason } = step;
      if ((await tx.user.count({ where: { id: ownerId } })) === 0)
        return { state: "failed", message: "The account that had the zone is gone." };
      await assertZoneRoom(tx, ownerId);
      await moveRows(ctx, tx, actor, { zones: [zone], first: seq, ownerId, reason, changeSetId: set.id });
    } else await writeRevision(tx, actor, step.revision, { text: step.text, seq, now: ctx.clock.now() });
    return { state: "done", message: null };
  } catch (error) {
    if (error instanceof StaleZone) return null;
    if (error instanceof AppError) return { state: "failed", message: error.message };
    throw error;
  }
}

/** Ends one that is under way; what is still planned is cancelled. @param alongside what else is written in the same transaction */
export async function endChangeSet(
  ctx: Context,
  id: number,
  state: "done" | "cancelled",
  error: string | null,
  alongside?: (tx: Queryable) => Promise<void>,
): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    const { count } = await tx.changeSet.updateMany({
      where: { id, state: { in: ["planning", "ready", "running"] } },
      data: { state, error, finishedAt: BigInt(ctx.clock.now()) },
    });
    if (count > 0)
      await tx.changeItem.updateMany({ where: { changeSetId: id, state: "planned" }, data: { state: "cancelled" } });
    await alongside?.(tx);
  }, "changes.end");
  publish("zones");
}
