import { type Actor, actorId, actorName } from "@/lib/access/actor";
import { recordAudit } from "@/lib/audit/record";
import type { Context } from "@/lib/context";
import { join, type RawQueryable, sql } from "@/lib/db/database";
import { takeSequence } from "@/lib/db/sequence";
import { digestZone } from "@/lib/dns/digest";
import type { Zone } from "@/lib/dns/zone";
import { soaOf } from "@/lib/dns/zone-build";
import { formatZone } from "@/lib/dns/zone-file";
import { publish } from "@/lib/live/bus";
import { assertZoneRoom } from "./zone-limit";
import type { StoredZone } from "./zone-row";

export type RevisionKind = "create" | "edit" | "delete" | "restore" | "import" | "receive" | "move";

/** Where a zone stands after a change. */
export interface ZoneRef {
  readonly name: string;
  readonly seq: number;
  readonly serial: number;
  readonly digest: string;
  /** Epoch milliseconds. */
  readonly updatedAt: number;
}

/** A revision about to be written. `zone` null is the deletion. */
export interface NewRevision {
  readonly name: string;
  readonly zone: Zone | null;
  readonly kind: RevisionKind;
  readonly reason: string;
  readonly ownerId: number;
  /** The row as it was read; null: there is none. */
  readonly before: StoredZone | null;
  /** The change set that it belongs to; left out: it was made by itself. */
  readonly changeSetId?: number;
}

/** The zone's row was changed between reading and writing: read again. Never leaves this folder. */
export class StaleZone extends Error {
  override readonly name = "StaleZone";
}

/**
 * Writes one revision of one zone: its number, its text, the zone's row and the audit row, in one transaction. The engine is woken after the commit.
 * @throws StaleZone when the zone is no longer as `before` says; AppError "conflict" at the limit of the account that would get a zone more.
 */
export async function commitRevision(ctx: Context, actor: Actor, revision: NewRevision): Promise<ZoneRef> {
  const text = textOf(revision);
  const now = ctx.clock.now();
  const ref = await ctx.db.rawTransaction(
    async (tx) => writeRevision(tx, actor, revision, { text, seq: await takeSequence(tx, 1), now }),
    "zone.commit",
  );
  ctx.wake();
  publish("zones");
  publish(`zone:${revision.name}`);
  return ref;
}

/** The canonical text of a revision; empty for a deletion. Made before the transaction, which keeps everybody else waiting. */
export function textOf({ zone }: Pick<NewRevision, "zone">): string {
  return zone ? formatZone(zone) : "";
}

/**
 * The same in the caller's transaction, with a position taken in it. Nothing is written when it throws: the caller may go on with other zones.
 * @throws as `commitRevision`
 */
export async function writeRevision(
  tx: RawQueryable,
  actor: Actor,
  revision: NewRevision,
  { text, seq, now }: { text: string; seq: number; now: number },
): Promise<ZoneRef> {
  const { name, zone, before, ownerId, changeSetId = null } = revision;
  const digest = zone ? digestZone(zone) : (before?.digest ?? "");
  const serial = zone ? soaOf(zone).serial : (before?.serial ?? 0);
  const recordCount = zone?.rrsets.reduce((sum, rrset) => sum + rrset.rdatas.length, 0) ?? 0;
  if (zone && (before === null || before.deletedAt !== null)) await assertZoneRoom(tx, ownerId);
  const zoneId = await writeZoneRow(tx, revision, { seq, serial, digest, recordCount, at: now, ownerId });
  if (before && before.ownerId !== ownerId) await forgetRevisions(tx, [zoneId]);
  await tx.$executeRaw(sql`
    INSERT INTO "Revision" ("seq", "zoneId", "serial", "digest", "text", "recordCount", "kind", "actorId", "actorName", "reason", "changeSetId", "createdAt")
    VALUES (${seq}, ${zoneId}, ${serial}, ${digest}, ${text}, ${recordCount}, ${revision.kind}, ${actorId(actor)}, ${actorName(actor)}, ${revision.reason},
      ${changeSetId}, ${now})`);
  await recordAudit(tx, actor, { at: now, action: `zone.${revision.kind}`, subject: name, detail: { seq, serial } });
  return { name, seq, serial, digest, updatedAt: now };
}

interface NextRow {
  readonly seq: number;
  readonly serial: number;
  readonly digest: string;
  readonly recordCount: number;
  readonly at: number;
  readonly ownerId: number;
}

async function writeZoneRow(tx: RawQueryable, { before, name, zone }: NewRevision, row: NextRow): Promise<number> {
  const { seq, serial, digest, recordCount, at, ownerId } = row;
  if (before) {
    const count = await tx.$executeRaw(sql`
      UPDATE "Zone" SET "changeSeq" = ${seq}, "serial" = ${serial}, "digest" = ${digest}, "recordCount" = ${recordCount}, "updatedAt" = ${at},
        "deletedAt" = ${zone ? null : at}, "purgedAt" = NULL, "originMemberId" = NULL, "ownerId" = ${ownerId}
      WHERE "id" = ${before.id} AND "changeSeq" = ${before.seq}`);
    if (count === 0) throw new StaleZone();
    return before.id;
  }
  const [created] = await tx.$queryRaw<{ id: number }[]>(sql`
    INSERT INTO "Zone" ("name", "ownerId", "changeSeq", "serial", "digest", "recordCount", "updatedAt", "createdAt")
    VALUES (${name}, ${ownerId}, ${seq}, ${serial}, ${digest}, ${recordCount}, ${at}, ${at})
    ON CONFLICT ("name") DO NOTHING RETURNING "id"`);
  if (!created) throw new StaleZone();
  return created.id;
}

/** Drops what is kept of zones that get another owner: who had the name before, and what they did with it, is not for the next one to read. */
export async function forgetRevisions(tx: RawQueryable, zoneIds: readonly number[]): Promise<void> {
  const ids = join([...zoneIds]);
  await tx.$executeRaw(sql`DELETE FROM "Revision" WHERE "zoneId" IN (${ids})`);
  await tx.$executeRaw(sql`DELETE FROM "Conflict" WHERE "zoneId" IN (${ids})`);
}
