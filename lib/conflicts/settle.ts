import { type Actor, actorName } from "@/lib/access/actor";
import { authorize } from "@/lib/access/authorize";
import { recordAudit } from "@/lib/audit/record";
import type { Context } from "@/lib/context";
import { type Queryable, sql } from "@/lib/db/database";
import { takeSequence } from "@/lib/db/sequence";
import { withSerial } from "@/lib/dns/zone-build";
import { parseCanonicalZone } from "@/lib/dns/zone-file";
import { AppError } from "@/lib/errors";
import { publish } from "@/lib/live/bus";
import { advanceSerial } from "@/lib/zones/advance-serial";
import { checkZone } from "@/lib/zones/check-zone";
import { type NewRevision, StaleZone, textOf, writeRevision } from "@/lib/zones/commit-revision";
import { findZone } from "@/lib/zones/zone-row";
import { getConflict, seenConflicts } from "./queries";

const moved = () => new AppError("conflict", "The zone was changed again this moment. Look at it again.");

/**
 * Makes the copy that lost the newest revision, with a serial that is newer than both: so it wins wherever the zone goes. A zone in the recycle bin comes back.
 * @param input.seq the change of the zone that was looked at
 * @throws AppError "not-found"; "conflict" when it is settled, was changed since, or the copy is not kept
 */
export async function restoreLost(ctx: Context, actor: Actor, input: { id: number; seq: number }): Promise<void> {
  const { ownerId } = authorize(actor, "zone.write");
  const { name, lost, settled } = await getConflict(ctx, actor, input);
  if (settled) throw new AppError("conflict", "It is settled already. Reload the page.");
  if (!lost.text) throw new AppError("conflict", "The copy that lost is not kept any more.");
  const before = await findZone(ctx.db.client, name);
  if (!before || (ownerId !== null && before.ownerId !== ownerId))
    throw new AppError("not-found", "There is no such zone here, or it is not yours.");
  if (before.seq !== input.seq) throw moved();
  const wanted = checkZone(withSerial(parseCanonicalZone(lost.text, name), before.serial)).zone;
  const zone = advanceSerial(ctx.clock.now(), wanted, before.serial);
  const reason = "Restored the copy that lost in a conflict";
  const revision: NewRevision = { name, zone, kind: "restore", reason, ownerId: before.ownerId, before };
  const text = textOf(revision);
  try {
    await ctx.db.transaction(async (tx) => {
      const seq = await takeSequence(tx, 1);
      await settle(ctx, tx, actor, { id: input.id, as: "restored" });
      await writeRevision(tx, actor, revision, { text, seq, now: ctx.clock.now() });
    });
  } catch (error) {
    if (error instanceof StaleZone) throw moved();
    throw error;
  }
  ctx.wake();
  publish("zones");
  publish(`zone:${name}`);
}

/**
 * Leaves a zone as the conflict left it. The copy that lost is still kept as long as revisions are.
 * @param input.id left out: all open conflicts of the actor's zones
 * @throws AppError "not-found"; "conflict" when it is settled
 */
export async function keepWinner(ctx: Context, actor: Actor, input: { id?: number }): Promise<{ kept: number }> {
  const { ownerId } = authorize(actor, "zone.write");
  const { id } = input;
  if (id !== undefined) {
    const { settled } = await getConflict(ctx, actor, { id });
    if (settled) throw new AppError("conflict", "It is settled already. Reload the page.");
  }
  const kept = await ctx.db.transaction(async (tx) => {
    if (id !== undefined) return settle(ctx, tx, actor, { id, as: "kept" });
    const count = await tx.$executeRaw(sql`
      UPDATE "Conflict" SET "settledAt" = ${ctx.clock.now()}, "settledAs" = 'kept', "settledBy" = ${actorName(actor)}
      WHERE "settledAt" IS NULL AND "id" IN (
        SELECT c."id" FROM "Conflict" c JOIN "Zone" z ON z."id" = c."zoneId" WHERE c."settledAt" IS NULL ${seenConflicts(ownerId)})`);
    await audit(ctx, tx, actor, { subject: `${count} conflicts`, as: "kept" });
    return count;
  });
  publish("zones");
  return { kept };
}

async function settle(
  ctx: Context,
  tx: Queryable,
  actor: Actor,
  { id, as }: { id: number; as: "restored" | "kept" },
): Promise<number> {
  const { count } = await tx.conflict.updateMany({
    where: { id, settledAt: null },
    data: { settledAt: BigInt(ctx.clock.now()), settledAs: as, settledBy: actorName(actor) },
  });
  if (count === 0) throw new AppError("conflict", "It is settled already. Reload the page.");
  await audit(ctx, tx, actor, { subject: `conflict ${id}`, as });
  return count;
}

function audit(
  ctx: Context,
  tx: Queryable,
  actor: Actor,
  { subject, as }: { subject: string; as: string },
): Promise<void> {
  return recordAudit(tx, actor, { at: ctx.clock.now(), action: "conflict.settle", subject, detail: { as } });
}
