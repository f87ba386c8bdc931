import type { Actor } from "@/lib/access/actor";
import { authorize } from "@/lib/access/authorize";
import type { Context } from "@/lib/context";
import { sql } from "@/lib/db/database";
import { replaceValue } from "@/lib/dns/replace-value";
import type { Zone } from "@/lib/dns/zone";
import { withSerial } from "@/lib/dns/zone-build";
import { parseCanonicalZone } from "@/lib/dns/zone-file";
import { AppError } from "@/lib/errors";
import { advanceSerial } from "@/lib/zones/advance-serial";
import { checkZone } from "@/lib/zones/check-zone";
import { type NewRevision, textOf } from "@/lib/zones/commit-revision";
import type { StoredZone } from "@/lib/zones/zone-row";
import type { ChangeSet, ItemState } from "./change-set";
import { touchedZones } from "./touched";
import { type UndoMode, undoZone } from "./undo-zone";
import type { ReplaceWork } from "./work";
import { type Touch, zoneStates } from "./zone-states";

/** One zone that is to be changed. */
export interface Item {
  readonly id: number;
  readonly mode: string;
  readonly zone: StoredZone;
}

/** What is to be done with one zone: a revision, a move to another account, or nothing (and why). */
export type Step =
  | { readonly kind: "write"; readonly revision: NewRevision; readonly text: string }
  | { readonly kind: "move"; readonly ownerId: number; readonly reason: string }
  | { readonly kind: "settled"; readonly state: ItemState; readonly message: string };

const settled = (state: ItemState, message: string): Step => ({ kind: "settled", state, message });

const NOT_THERE = "There is no such zone here any more, or it is not yours.";

/**
 * Finds out what a change set comes to for one zone as it is now. Reads only; nothing that is wrong with one zone is an exception.
 * @throws anything unexpected
 */
export async function stepFor(ctx: Context, actor: Actor, set: ChangeSet, item: Item): Promise<Step> {
  const { ownerId } = authorize(actor, "zone.write");
  if (item.zone.purgedAt !== null || (ownerId !== null && item.zone.ownerId !== ownerId))
    return settled("failed", NOT_THERE);
  try {
    if (set.work.replace) return await replaceStep(ctx, set, set.work.replace, item);
    return await undoStep(ctx, actor, set, item);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return settled("failed", error.message);
  }
}

async function replaceStep(ctx: Context, set: ChangeSet, work: ReplaceWork, { zone: stored }: Item): Promise<Step> {
  if (stored.deletedAt !== null) return settled("failed", "The zone was deleted meanwhile.");
  const current = await textAt(ctx, stored.seq);
  if (current === null) return settled("failed", NOT_THERE);
  const { zone, count } = replaceValue(parseCanonicalZone(current, stored.name), work);
  if (count === 0) return settled("unchanged", "The value is not there any more.");
  return write(ctx, set, stored, { zone: checkZone(zone).zone, kind: "edit", reason: work.reason });
}

async function textAt(ctx: Context, seq: number): Promise<string | null> {
  const row = await ctx.db.client.revision.findUnique({ where: { seq: BigInt(seq) }, select: { text: true } });
  return row?.text || null;
}

function write(
  ctx: Context,
  set: ChangeSet,
  before: StoredZone,
  { zone, kind, reason }: { zone: Zone | null; kind: NewRevision["kind"]; reason: string },
): Step {
  const fresh = zone && advanceSerial(ctx.clock.now(), withSerial(zone, before.serial), before.serial);
  const { name, ownerId } = before;
  const revision = { name, zone: fresh, kind, reason, ownerId, before, changeSetId: set.id };
  return { kind: "write", revision, text: textOf(revision) };
}

async function undoStep(ctx: Context, actor: Actor, set: ChangeSet, { zone, mode }: Item): Promise<Step> {
  const { undoOf } = set;
  const { expectedSeq } = set.work;
  if (undoOf === null) return settled("failed", NOT_THERE);
  if (expectedSeq !== undefined && expectedSeq !== zone.seq)
    return settled("failed", "The zone was changed again this moment. Look at it again.");
  const isRoot = authorize(actor, "zone.write").ownerId === null;
  const touch = await findTouch(ctx, undoOf, zone, isRoot ? null : zone.ownerId);
  if (!touch) return settled("failed", NOT_THERE);
  const states = await zoneStates(ctx.db.client, touch, isRoot ? 0 : zone.ownedSinceSeq);
  const reason = `Undid change set ${undoOf}`;
  if (states.kind === "gone") return settled("failed", "What was there before is not kept any more.");
  if (states.kind === "move") return moveBack(actor, zone, states, reason);
  const verdict = undoZone(states);
  if (verdict.kind === "as-before") return settled("unchanged", "It is as it was before already.");
  const wanted = wantedZone(verdict, mode as UndoMode);
  if (wanted === undefined)
    return settled("failed", "Somebody changed the same zone in the meantime. Look at what is in the way.");
  if (wanted === null) {
    authorize(actor, "zone.delete");
    return write(ctx, set, zone, { zone: null, kind: "delete", reason });
  }
  return write(ctx, set, zone, { zone: checkZone(wanted).zone, kind: "restore", reason });
}

/** @returns undefined: not in this mode */
function wantedZone(verdict: ReturnType<typeof undoZone>, mode: UndoMode): Zone | null | undefined {
  if (verdict.kind === "plain") return verdict.zone;
  if (verdict.kind === "merge" && mode === "merge") return verdict.zone;
  return verdict.kind === "overlap" && mode === "restore" ? verdict.before : undefined;
}

function moveBack(
  actor: Actor,
  zone: StoredZone,
  { formerOwnerId, isLast }: { formerOwnerId: number | null; isLast: boolean },
  reason: string,
): Step {
  authorize(actor, "zone.assign");
  if (zone.deletedAt !== null) return settled("failed", "The zone was deleted meanwhile. Restore it first.");
  if (!isLast) return settled("failed", "The zone was moved again in the meantime.");
  if (formerOwnerId === null) return settled("failed", "Whose it was before is not kept any more.");
  return { kind: "move", ownerId: formerOwnerId, reason };
}

async function findTouch(
  ctx: Context,
  changeSetId: number,
  { id, name }: StoredZone,
  scope: number | null,
): Promise<Touch | null> {
  const [row] = await ctx.db.client.$queryRaw<Record<"first" | "last" | "changeSeq", number | bigint>[]>(sql`
    WITH ${touchedZones(changeSetId, scope, id)} SELECT "first", "last", "changeSeq" FROM "Touched" WHERE "state" <> 'undone'`);
  if (!row) return null;
  return { zoneId: id, name, first: Number(row.first), last: Number(row.last), changeSeq: Number(row.changeSeq) };
}
