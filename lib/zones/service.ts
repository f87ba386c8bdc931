import { type Actor, actorId } from "@/lib/access/actor";
import { type Action, type Authorized, authorize } from "@/lib/access/authorize";
import { recordAudit } from "@/lib/audit/record";
import type { Context } from "@/lib/context";
import { sql } from "@/lib/db/database";
import { applyChanges, type ZoneChange } from "@/lib/dns/changes";
import { diffZones, type ZoneDiff } from "@/lib/dns/diff";
import { digestZone } from "@/lib/dns/digest";
import { isNewerSerial, nextSerial } from "@/lib/dns/serial";
import type { Zone } from "@/lib/dns/zone";
import { soaOf, withSerial } from "@/lib/dns/zone-build";
import { parseCanonicalZone } from "@/lib/dns/zone-file";
import { AppError } from "@/lib/errors";
import { readSettings } from "@/lib/settings/settings";
import { advanceSerial } from "./advance-serial";
import { assertAddable } from "./assert-addable";
import { checkZone, checkZoneText } from "./check-zone";
import { commitRevision, type RevisionKind, StaleZone, type ZoneRef } from "./commit-revision";
import { dropHistory } from "./drop-history";
import { findZone, type StoredZone } from "./zone-row";

/**
 * The rules of zones. Every change is computed from the newest revision, checked as a whole, and written as one revision with one new serial;
 * when somebody else wrote in between, it is computed again.
 */

/** What an editor is told when an edit no longer fits. Nothing of it was saved. */
export interface EditConflict {
  readonly conflicts: ReturnType<typeof applyChanges>["conflicts"];
  /** The newest revision, to edit on. */
  readonly currentSeq: number;
  /** What others changed since the editor's base; null when the base is no longer kept. */
  readonly between: ZoneDiff | null;
}

const MAX_RACES = 20;

async function retryStale<T>(attempt: () => Promise<T>): Promise<T> {
  for (let races = 1; ; races++) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof StaleZone) || races >= MAX_RACES) throw error;
    }
  }
}

const missing = (name: string) =>
  new AppError("not-found", `There is no zone ${name.replace(/\.$/, "")} here, or it is not yours.`);

async function openZone(
  ctx: Context,
  actor: Actor,
  action: Action,
  name: string,
  isDeleted = false,
): Promise<StoredZone> {
  authorize(actor, action);
  const stored = await findZone(ctx.db.client, name);
  if (!stored || (stored.deletedAt !== null) !== isDeleted || stored.purgedAt !== null) throw missing(name);
  const allowed = authorize(actor, action);
  if (allowed.ownerId !== null && allowed.ownerId !== stored.ownerId) throw missing(name);
  return stored;
}

/** The text of a revision as a zone; null when it is not kept any more, or was made under a former owner. */
async function revisionZone(ctx: Context, stored: StoredZone, seq: number, actor?: Actor): Promise<Zone | null> {
  if (actor?.kind === "user" && actor.role !== "root" && seq < stored.ownedSinceSeq) return null;
  const [row] = await ctx.db.client.$queryRaw<{ text: string; zoneId: number }[]>(
    sql`SELECT "text", "zoneId" FROM "Revision" WHERE "seq" = ${seq}`,
  );
  return row && row.zoneId === stored.id && row.text !== "" ? parseCanonicalZone(row.text, stored.name) : null;
}

async function currentZone(ctx: Context, stored: StoredZone): Promise<Zone> {
  const zone = await revisionZone(ctx, stored, stored.seq);
  if (!zone) throw new StaleZone();
  return zone;
}

const refOf = (stored: StoredZone): ZoneRef => ({
  name: stored.name,
  seq: stored.seq,
  serial: stored.serial,
  digest: stored.digest,
  updatedAt: stored.updatedAt,
});

function ownerOf(allowed: Authorized, requested: number | undefined): number {
  if (requested !== undefined && (allowed.ownerId === null || allowed.ownerId === requested)) return requested;
  return allowed.ownerId ?? actorId(allowed.actor) ?? 1;
}

/**
 * Adds a zone.
 * @param input.name apex: absolute, lower case, final dot
 * @param input.text a zone file with the apex as its origin
 * @throws AppError "invalid-input" (`details.problems`), "conflict" as `assertAddable` says
 */
export async function createZone(
  ctx: Context,
  actor: Actor,
  input: {
    name: string;
    text: string;
    reason?: string;
    ownerId?: number;
    kind?: "create" | "import";
    changeSetId?: number;
  },
): Promise<ZoneRef> {
  const allowed = authorize(actor, "zone.create");
  const { defaultTtl } = await readSettings(ctx.db.client, "zones");
  const { zone } = checkZoneText(input.name, input.text, defaultTtl);
  return retryStale(async () => {
    const before = await findZone(ctx.db.client, input.name);
    await assertAddable(ctx, allowed, input.name, before);
    // A serial that was published before must not come again with other content: continue after the tombstone's.
    const serial = soaOf(zone).serial;
    const isFresh =
      before === null && serial !== 0 && !isNewerSerial(serial, nextSerial(serial - 1, new Date(ctx.clock.now())));
    const created = isFresh ? zone : advanceSerial(ctx.clock.now(), zone, before?.serial ?? 0);
    return commitRevision(ctx, actor, {
      name: input.name,
      zone: created,
      kind: input.kind ?? "create",
      reason: input.reason ?? "",
      ownerId: ownerOf(allowed, input.ownerId),
      before,
      changeSetId: input.changeSetId,
    });
  });
}

/**
 * Changes records of a zone: every change of `input.changes` or none. The changes are applied to the newest revision; one that was made on an older
 * revision conflicts only when a record it replaces or removes is no longer as its author saw it.
 * @param input.baseSeq the revision that the author saw
 * @returns where the zone stands; unchanged when the changes amount to nothing
 * @throws AppError "conflict" with `details: EditConflict`; "invalid-input" with `details.problems`
 */
export async function editZone(
  ctx: Context,
  actor: Actor,
  input: { name: string; changes: readonly ZoneChange[]; baseSeq: number; reason?: string },
): Promise<ZoneRef> {
  return retryStale(async () => {
    const stored = await openZone(ctx, actor, "zone.write", input.name);
    const current = await currentZone(ctx, stored);
    const { zone, conflicts } = applyChanges(current, input.changes);
    if (conflicts.length > 0) throw await conflictError(ctx, actor, stored, current, input.baseSeq, conflicts);
    return saveZone(ctx, actor, stored, current, { wanted: checkZone(zone).zone, kind: "edit", reason: input.reason });
  });
}

async function conflictError(
  ctx: Context,
  actor: Actor,
  stored: StoredZone,
  current: Zone,
  baseSeq: number,
  conflicts: EditConflict["conflicts"],
): Promise<AppError> {
  const base = baseSeq === stored.seq ? null : await revisionZone(ctx, stored, baseSeq, actor);
  const details: EditConflict = { conflicts, currentSeq: stored.seq, between: base && diffZones(base, current) };
  return new AppError(
    "conflict",
    "Somebody else changed the same records in the meantime. Nothing was saved; look at what changed and save again.",
    { details },
  );
}

interface Saving {
  readonly wanted: Zone;
  readonly kind: RevisionKind;
  readonly reason?: string;
  readonly changeSetId?: number;
}

async function saveZone(
  ctx: Context,
  actor: Actor,
  stored: StoredZone,
  current: Zone,
  { wanted, kind, reason = "", changeSetId }: Saving,
): Promise<ZoneRef> {
  const isSame = digestZone(wanted) === stored.digest && !isNewerSerial(soaOf(wanted).serial, soaOf(current).serial);
  if (isSame) return refOf(stored);
  const zone = advanceSerial(ctx.clock.now(), wanted, stored.serial);
  const { name, ownerId } = stored;
  return commitRevision(ctx, actor, { name, zone, kind, reason, ownerId, before: stored, changeSetId });
}

/**
 * Puts a whole zone file in the place of a zone.
 * @param input.baseSeq when given, the revision that the author saw: a newer one is a conflict
 * @throws AppError as `editZone` does
 */
export async function replaceZone(
  ctx: Context,
  actor: Actor,
  input: {
    name: string;
    text: string;
    baseSeq?: number;
    reason?: string;
    kind?: "edit" | "import";
    changeSetId?: number;
  },
): Promise<ZoneRef> {
  const { defaultTtl } = await readSettings(ctx.db.client, "zones");
  const { zone } = checkZoneText(input.name, input.text, defaultTtl);
  return retryStale(async () => {
    const stored = await openZone(ctx, actor, "zone.write", input.name);
    const current = await currentZone(ctx, stored);
    if (input.baseSeq !== undefined && input.baseSeq !== stored.seq)
      throw await conflictError(ctx, actor, stored, current, input.baseSeq, []);
    const { kind = "edit", reason, changeSetId } = input;
    return saveZone(ctx, actor, stored, current, { wanted: zone, kind, reason, changeSetId });
  });
}

/** Puts a zone into the recycle bin; its nameservers stop serving it. @throws AppError "not-found" */
export async function deleteZone(
  ctx: Context,
  actor: Actor,
  input: { name: string; reason?: string; changeSetId?: number },
): Promise<ZoneRef> {
  return retryStale(async () => {
    const stored = await openZone(ctx, actor, "zone.delete", input.name);
    return commitRevision(ctx, actor, {
      name: stored.name,
      zone: null,
      kind: "delete",
      reason: input.reason ?? "",
      ownerId: stored.ownerId,
      before: stored,
      changeSetId: input.changeSetId,
    });
  });
}

/** Takes a zone out of the recycle bin, as it was, with a new serial. @throws AppError "not-found" */
export async function restoreZone(
  ctx: Context,
  actor: Actor,
  input: { name: string; reason?: string },
): Promise<ZoneRef> {
  return retryStale(async () => {
    const stored = await openZone(ctx, actor, "zone.write", input.name, true);
    const last = await ctx.db.client.revision.findFirst({
      where: { zoneId: stored.id, NOT: { text: "" } },
      orderBy: { seq: "desc" },
    });
    if (!last) throw missing(input.name);
    const zone = advanceSerial(ctx.clock.now(), parseCanonicalZone(last.text, stored.name), stored.serial);
    return commitRevision(ctx, actor, {
      name: stored.name,
      zone,
      kind: "restore",
      reason: input.reason ?? "Restored from the recycle bin",
      ownerId: stored.ownerId,
      before: stored,
    });
  });
}

/** Makes an older revision the newest again, with a new serial. @throws AppError "not-found" when the revision is not kept any more */
export async function restoreRevision(
  ctx: Context,
  actor: Actor,
  input: { name: string; seq: number; reason?: string },
): Promise<ZoneRef> {
  return retryStale(async () => {
    const stored = await openZone(ctx, actor, "zone.write", input.name);
    const [old, current] = [await revisionZone(ctx, stored, input.seq, actor), await currentZone(ctx, stored)];
    if (!old) throw new AppError("not-found", "That revision is not kept any more.");
    const wanted = withSerial(old, stored.serial);
    const reason = input.reason ?? `Restored revision ${input.seq}`;
    return saveZone(ctx, actor, stored, current, { wanted, kind: "restore", reason });
  });
}

/**
 * Deletes a zone in the recycle bin for good: its revisions go. What stays is the tombstone, so that an older copy at a member does not come back.
 * @throws AppError "not-found"
 */
export async function purgeZone(ctx: Context, actor: Actor, input: { name: string }): Promise<void> {
  const stored = await openZone(ctx, actor, "zone.delete", input.name, true);
  await ctx.db.transaction(async (tx) => {
    const { count } = await tx.zone.updateMany({
      where: { id: stored.id, changeSeq: BigInt(stored.seq), purgedAt: null },
      data: { purgedAt: BigInt(ctx.clock.now()) },
    });
    if (count === 0) throw missing(input.name);
    await dropHistory(tx, [stored.id]);
    await recordAudit(tx, actor, { at: ctx.clock.now(), action: "zone.purge", subject: stored.name });
  });
}
