import { type Actor, actorId, actorName } from "@/lib/access/actor";
import { recordAudit } from "@/lib/audit/record";
import type { Context } from "@/lib/context";
import type { Queryable } from "@/lib/db/database";
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
  const text = revision.zone ? formatZone(revision.zone) : "";
  const digest = revision.zone ? digestZone(revision.zone) : (revision.before?.digest ?? "");
  const serial = revision.zone ? soaOf(revision.zone).serial : (revision.before?.serial ?? 0);
  const recordCount = revision.zone?.rrsets.reduce((sum, rrset) => sum + rrset.rdatas.length, 0) ?? 0;
  const now = ctx.clock.now();
  const seq = await ctx.db.transaction(async (tx) => {
    const next = await takeSequence(tx, 1);
    if (revision.zone && (revision.before === null || revision.before.deletedAt !== null))
      await assertZoneRoom(tx, revision.ownerId);
    const row = {
      changeSeq: BigInt(next),
      serial: BigInt(serial),
      digest,
      recordCount,
      updatedAt: BigInt(now),
      deletedAt: revision.zone ? null : BigInt(now),
      purgedAt: null,
      originMemberId: null,
      ownerId: revision.ownerId,
    };
    const zoneId = await writeZoneRow(tx, revision, row);
    if (revision.before && revision.before.ownerId !== revision.ownerId) await forgetRevisions(tx, [zoneId]);
    await tx.revision.create({
      data: {
        seq: BigInt(next),
        zoneId,
        serial: BigInt(serial),
        digest,
        text,
        recordCount,
        kind: revision.kind,
        actorId: actorId(actor),
        actorName: actorName(actor),
        reason: revision.reason,
        createdAt: BigInt(now),
      },
    });
    await recordAudit(tx, actor, {
      at: now,
      action: `zone.${revision.kind}`,
      subject: revision.name,
      detail: { seq: next, serial },
    });
    return next;
  });
  ctx.wake();
  publish("zones");
  publish(`zone:${revision.name}`);
  return { name: revision.name, seq, serial, digest, updatedAt: now };
}

async function writeZoneRow(
  tx: Queryable,
  revision: NewRevision,
  row: Omit<Parameters<Queryable["zone"]["create"]>[0]["data"], "name" | "createdAt">,
): Promise<number> {
  const { before, name } = revision;
  if (before) {
    const { count } = await tx.zone.updateMany({ where: { id: before.id, changeSeq: BigInt(before.seq) }, data: row });
    if (count === 0) throw new StaleZone();
    return before.id;
  }
  if (await tx.zone.findUnique({ where: { name }, select: { id: true } })) throw new StaleZone();
  const created = await tx.zone.create({
    data: { ...row, name, createdAt: row.updatedAt } as Parameters<Queryable["zone"]["create"]>[0]["data"],
  });
  return created.id;
}

/** Drops what is kept of zones that get another owner: who had the name before, and what they did with it, is not for the next one to read. */
export async function forgetRevisions(tx: Queryable, zoneIds: readonly number[]): Promise<void> {
  await tx.revision.deleteMany({ where: { zoneId: { in: [...zoneIds] } } });
}
