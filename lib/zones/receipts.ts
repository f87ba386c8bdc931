import type { Actor } from "@/lib/access/actor";
import { authorize } from "@/lib/access/authorize";
import type { Context } from "@/lib/context";
import { sql } from "@/lib/db/database";
import { AppError } from "@/lib/errors";
import { backendOf } from "@/lib/members/backends";
import { memberName } from "@/lib/members/member-name";
import { targetReaches, targetsFor } from "@/lib/members/reach";
import { readSettings } from "@/lib/settings/settings";
import { isProvable, type ReceiptRow, readReceiptRows, stateOf } from "./receipt-rows";
import { findZone } from "./zone-row";

/** How far a change has come at one target. */
export type ReceiptState =
  /** Not applied there yet. */
  | "pending"
  /** The target took it; its nameserver was not seen serving it yet. */
  | "accepted"
  /** Every address of its nameserver answered with it. */
  | "served"
  /** The target took it, and DNS cannot tell whether it serves it: it numbers zones itself, or does not say where its nameserver answers. */
  | "unverified"
  /** The target refused it, or failed with it; it is tried again at `retryAt`. */
  | "set-aside"
  /** Nothing is sent there: clustering is disabled. */
  | "paused"
  /** The member is disabled: nothing is sent there until it is enabled. */
  | "disabled"
  /** The member is paused for maintenance. */
  | "maintenance"
  /** A newer change took its place before it was applied there. */
  | "superseded";

export interface TargetReceipt {
  readonly targetId: number;
  readonly kind: "local" | "member";
  /** "This server" or the member's host; for a reseller "Nameserver n": root's members are not theirs to see. */
  readonly label: string;
  readonly state: ReceiptState;
  /** Milliseconds from the commit to the acknowledgement, and to the answer over DNS. */
  readonly acceptedMs: number | null;
  readonly servedMs: number | null;
  readonly observedSerial: number | null;
  /** What its nameserver answered last, when that is not what is wanted. */
  readonly detail: string | null;
  /** Why it was set aside or waits. */
  readonly error: string | null;
  /** Epoch milliseconds. */
  readonly retryAt: number | null;
  /** Epoch milliseconds since when nothing is sent there, and until when if that is known; null: it is sent. */
  readonly held: { readonly since: number; readonly until: number | null } | null;
  /** What could not be held there. */
  readonly notes: readonly string[];
  /** Whether DNS can tell that its nameserver serves the change. */
  readonly isProvable: boolean;
  /** A newer change of the zone that its nameserver was seen serving; null: none. */
  readonly newerServed: number | null;
}

export interface Receipts {
  readonly seq: number;
  /** Apex of the zone. */
  readonly zone: string;
  readonly serial: number;
  /** Epoch milliseconds of the commit. */
  readonly committedAt: number;
  readonly isDeletion: boolean;
  readonly targets: readonly TargetReceipt[];
}

const missing = () => new AppError("not-found", "There is no such change here, or it is not yours.");

/**
 * The way of one change through the fleet.
 * @param input.seq the change; the zone's newest one when left out
 * @throws AppError "not-found"
 */
export async function zoneReceipts(
  ctx: Context,
  actor: Actor,
  input: { name: string; seq?: number },
): Promise<Receipts> {
  authorize(actor, "zone.read");
  const zone = await findZone(ctx.db.client, input.name);
  if (!zone) throw missing();
  const receipts = await changeReceipts(ctx, actor, input.seq ?? zone.seq);
  if (receipts.zone !== zone.name) throw missing();
  return receipts;
}

interface ChangeRow {
  readonly zoneId: number | bigint;
  readonly name: string;
  readonly ownerId: number | bigint;
  readonly ownedSinceSeq: bigint;
  readonly changeSeq: bigint;
  readonly serial: bigint;
  readonly createdAt: bigint;
  readonly isDeletion: number | bigint;
}

/**
 * The same for a change whose zone is not known. What was changed under a former owner is not there for the present one.
 * @throws AppError "not-found"
 */
export async function changeReceipts(ctx: Context, actor: Actor, seq: number): Promise<Receipts> {
  const { ownerId } = authorize(actor, "zone.read");
  const [row] = await ctx.db.client.$queryRaw<ChangeRow[]>(sql`
    SELECT r."zoneId", z."name", z."ownerId", z."ownedSinceSeq", z."changeSeq", r."serial", r."createdAt", CASE WHEN r."text" = '' THEN 1 ELSE 0 END AS "isDeletion"
    FROM "Revision" r JOIN "Zone" z ON z."id" = r."zoneId" WHERE r."seq" = ${seq}`);
  const isReadable = ownerId === null || (Number(row?.ownerId) === ownerId && seq >= Number(row?.ownedSinceSeq));
  if (!row || !isReadable) throw missing();
  const { isEnabled } = await readSettings(ctx.db.client, "cluster");
  const targets = targetsFor(await targetReaches(ctx.db.client, true), Number(row.ownerId));
  const rows = targets.length === 0 ? [] : await readReceiptRows(ctx.db, targets, Number(row.zoneId), seq);
  const [serial, committedAt] = [Number(row.serial), Number(row.createdAt)];
  const change = { seq, serial, newestSeq: Number(row.changeSeq), committedAt, isEnabled, ownerId };
  return {
    seq,
    zone: row.name,
    serial,
    committedAt,
    isDeletion: Number(row.isDeletion) === 1,
    targets: rows.map((target, index) => receipt(target, change, index)),
  };
}

function receipt(
  row: ReceiptRow,
  change: {
    seq: number;
    serial: number;
    newestSeq: number;
    committedAt: number;
    isEnabled: boolean;
    ownerId: number | null;
  },
  index: number,
): TargetReceipt {
  const isLocal = row.memberId === null;
  // A reseller sees members of their own as root sees root's.
  const isAnonymous = change.ownerId !== null && (isLocal || Number(row.ownerId) !== change.ownerId);
  const known = stateOf(row, change);
  const isHeld = known === "disabled" || known === "maintenance";
  // What state root's members are in is not a reseller's to see: their change waits.
  const state = isHeld && isAnonymous ? "pending" : known;
  const since = (at: bigint | null) => (at === null ? null : Math.max(Number(at) - change.committedAt, 0));
  const isWaiting = known === "pending" && row.targetError !== null;
  const reason = isHeld ? heldReason(row) : state === "set-aside" ? row.error : isWaiting ? row.targetError : null;
  return {
    targetId: Number(row.id),
    kind: isLocal ? "local" : "member",
    label: isLocal ? "This server" : isAnonymous ? `Nameserver ${index + 1}` : memberNameOf(row),
    state,
    acceptedMs: since(row.acceptedAt),
    servedMs: since(row.servedAt),
    observedSerial: row.observedSerial === null ? null : Number(row.observedSerial),
    detail: detailOf(row, state, isAnonymous),
    error: hide(reason, isAnonymous),
    retryAt: state === "set-aside" ? Number(row.retryAt) : isWaiting ? Number(row.targetRetryAt) : null,
    held: isHeld && !isAnonymous ? heldTimes(row) : null,
    notes: notesOf(row, isAnonymous),
    isProvable: isProvable(row),
    newerServed: row.newerServed === null ? null : Number(row.newerServed),
  };
}

function memberNameOf({ backend, username, hostname, remoteHostname }: ReceiptRow): string {
  return memberName({
    backend: backend ?? "",
    username: username ?? "",
    hostname: hostname ?? "",
    remoteHostname: remoteHostname ?? "",
  });
}

/** What is left out is the owner's to know, whoever's member leaves it out: a hosted service's notes name the service and no account. */
function notesOf({ notes, backend }: ReceiptRow, isAnonymous: boolean): string[] {
  if (!notes || (isAnonymous && !(backend && backendOf(backend).isService))) return [];
  return JSON.parse(notes) as string[];
}

/** What the nameserver answered instead. Of what DNS cannot tell, of a target or of one of its addresses, there is nothing to wait for: only root is told why. */
function detailOf({ observedDetail }: ReceiptRow, state: ReceiptState, isAnonymous: boolean): string | null {
  if (state === "unverified" || state === "served") return isAnonymous ? null : observedDetail;
  return state === "accepted" ? hide(observedDetail, isAnonymous) : null;
}

function heldReason({ disabledAt, disabledReason }: ReceiptRow): string {
  if (disabledAt === null) return "It is paused for maintenance. The change is sent when the pause ends.";
  return `The change is sent when it is enabled. It was disabled for: ${disabledReason ?? "too many failures."}`;
}

function heldTimes({ disabledAt, pausedAt, pausedUntil }: ReceiptRow): TargetReceipt["held"] {
  if (disabledAt !== null) return { since: Number(disabledAt), until: null };
  return { since: Number(pausedAt ?? 0), until: pausedUntil === null ? null : Number(pausedUntil) };
}

/** Errors name members and addresses: a reseller is told that it waits, not where. */
function hide(text: string | null, isAnonymous: boolean): string | null {
  return text !== null && isAnonymous ? "Waiting for the nameserver. Root has been shown the reason." : text;
}
