import { type Actor, actorId, actorName } from "@/lib/access/actor";
import { authorize } from "@/lib/access/authorize";
import { recordAudit } from "@/lib/audit/record";
import { createChangeSet } from "@/lib/change-sets/change-set";
import type { Context } from "@/lib/context";
import { join, type Queryable, sql } from "@/lib/db/database";
import { takeSequence } from "@/lib/db/sequence";
import { AppError } from "@/lib/errors";
import { publishZones } from "@/lib/live/publish-zones";
import { zoneLimitMessage, zoneRoom } from "./zone-limit";
import { findZones, ROWS, type StoredZone } from "./zone-row";

/** What became of a move: the zones that moved, and those that stayed, each with its reason. */
export interface MoveResult {
  readonly moved: number;
  readonly refused: readonly { readonly name: string; readonly message: string }[];
  /** By which all of it can be undone; null: nothing moved. */
  readonly changeSetId: number | null;
}

/**
 * Gives zones to another account, as many as its limit has room for. Each gets a revision of kind "move" with the records as they are: its position lets
 * the engine look where the zone belongs now, and with it begins what the new owner reads of the zone's history. Root still reads all of it.
 *
 * Where the zone is no longer to be (a member of its former owner's own cluster), its copy stays until somebody removes it there: see
 * lib/members/left-copies.
 * @throws AppError "forbidden"; "not-found" when there is no such account
 */
export async function moveZones(
  ctx: Context,
  actor: Actor,
  input: { names: readonly string[]; ownerId: number },
): Promise<MoveResult> {
  authorize(actor, "zone.assign");
  const names = [...new Set(input.names)];
  const { moved, refused, changeSetId } = await ctx.db.transaction(async (tx) => {
    const first = await takeSequence(tx, Math.max(names.length, 1));
    const owner = await tx.user.findUnique({ where: { id: input.ownerId }, select: { username: true } });
    if (!owner) throw new AppError("not-found", "There is no such account. Reload the page.");
    const found = await findZones(tx, names);
    const room = await zoneRoom(tx, input.ownerId);
    const moved: StoredZone[] = [];
    const refused: { name: string; message: string }[] = [];
    for (const name of names) {
      const zone = found.get(name);
      if (!zone || zone.deletedAt !== null) refused.push({ name, message: `There is no zone ${shown(name)} here.` });
      else if (zone.ownerId === input.ownerId) continue;
      else if (moved.length >= room.left) refused.push({ name, message: `${shown(name)}: ${zoneLimitMessage(room)}` });
      else moved.push(zone);
    }
    const at = ctx.clock.now();
    const changeSetId = moved.length > 0 ? await createChangeSet(tx, actor, { kind: "move", state: "done", at }) : null;
    const { ownerId } = input;
    const reason = `Moved to ${owner.username}`;
    await moveRows(ctx, tx, actor, { zones: moved, first, ownerId, reason, changeSetId: changeSetId ?? undefined });
    for (const { name, ownerId: from } of moved)
      await recordAudit(tx, actor, {
        at,
        action: "zone.move",
        subject: name,
        detail: { from, to: ownerId },
      });
    return { moved, refused, changeSetId };
  });
  announceMoved(ctx, moved);
  return { moved: moved.length, refused, changeSetId };
}

const shown = (name: string) => name.replace(/\.$/, "");

/** Tells the engine and open pages. */
export function announceMoved(ctx: Context, zones: readonly StoredZone[]): void {
  if (zones.length === 0) return;
  ctx.wake();
  publishZones(zones.map(({ name }) => name));
}

/**
 * Writes the move of present zones, in the caller's transaction.
 * @param move.first the first of as many positions as there are zones, taken in the same transaction
 */
export async function moveRows(
  ctx: Context,
  tx: Queryable,
  actor: Actor,
  move: { zones: readonly StoredZone[]; first: number; ownerId: number; reason: string; changeSetId?: number },
): Promise<void> {
  const now = ctx.clock.now();
  for (let at = 0; at < move.zones.length; at += ROWS) {
    // PostgreSQL does not infer the types of parameters in a VALUES list.
    const rows = move.zones
      .slice(at, at + ROWS)
      .map(({ id }, index) => sql`(CAST(${id} AS INTEGER), CAST(${move.first + at + index} AS BIGINT))`);
    const moved = sql`WITH "Moved" ("id", "seq") AS (VALUES ${join(rows)})`;
    await tx.$executeRaw(sql`
      INSERT INTO "Revision" ("seq", "zoneId", "serial", "digest", "text", "recordCount", "kind", "actorId", "actorName", "reason", "writerId", "changeSetId", "formerOwnerId", "createdAt")
      ${moved} SELECT v."seq", z."id", r."serial", r."digest", r."text", r."recordCount", ${"move"}, CAST(${actorId(actor)} AS INTEGER), ${actorName(actor)}, ${move.reason}, r."writerId", CAST(${move.changeSetId ?? null} AS INTEGER), z."ownerId", CAST(${now} AS BIGINT)
      FROM "Moved" v JOIN "Zone" z ON z."id" = v."id" JOIN "Revision" r ON r."seq" = z."changeSeq"`);
    await tx.$executeRaw(sql`
      ${moved} UPDATE "Zone" SET "changeSeq" = (SELECT v."seq" FROM "Moved" v WHERE v."id" = "Zone"."id"),
        "ownedSinceSeq" = (SELECT v."seq" FROM "Moved" v WHERE v."id" = "Zone"."id"), "ownerId" = ${move.ownerId}, "originMemberId" = NULL
      WHERE "id" IN (SELECT "id" FROM "Moved")`);
  }
}
