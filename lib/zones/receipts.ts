import type { Actor } from "@/lib/access/actor";
import { authorize } from "@/lib/access/authorize";
import type { Context } from "@/lib/context";
import { type Database, join, sql } from "@/lib/db/database";
import { AppError } from "@/lib/errors";
import { backendOf } from "@/lib/members/backends";
import { memberName } from "@/lib/members/member-name";
import { targetReaches, targetsFor } from "@/lib/members/reach";
import { readSettings } from "@/lib/settings/settings";
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
}

export interface Receipts {
  readonly seq: number;
  readonly serial: number;
  /** Epoch milliseconds of the commit. */
  readonly committedAt: number;
  readonly isDeletion: boolean;
  readonly targets: readonly TargetReceipt[];
}

interface Row {
  readonly id: number | bigint;
  readonly memberId: number | bigint | null;
  readonly hostname: string | null;
  readonly ownerId: number | bigint | null;
  readonly remoteHostname: string | null;
  readonly backend: string | null;
  readonly username: string | null;
  readonly disabledAt: bigint | null;
  readonly disabledReason: string | null;
  readonly pausedAt: bigint | null;
  readonly pausedUntil: bigint | null;
  readonly targetError: string | null;
  readonly targetRetryAt: bigint;
  readonly ackSeq: bigint | null;
  readonly observedSerial: bigint | null;
  readonly observedState: string | null;
  readonly verifySeq: bigint | null;
  readonly observedDetail: string | null;
  readonly failedSeq: bigint | null;
  readonly retryAt: bigint | null;
  readonly error: string | null;
  readonly notes: string | null;
  readonly acceptedAt: bigint | null;
  readonly servedAt: bigint | null;
}

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
  const allowed = authorize(actor, "zone.read");
  const zone = await findZone(ctx.db.client, input.name);
  const isTheirs = zone && (allowed.ownerId === null || allowed.ownerId === zone.ownerId);
  const seq = input.seq ?? zone?.seq ?? 0;
  const isReadable = isTheirs && (allowed.ownerId === null || seq >= zone.ownedSinceSeq);
  const revision = isReadable ? await ctx.db.client.revision.findUnique({ where: { seq: BigInt(seq) } }) : null;
  if (!zone || revision?.zoneId !== zone.id)
    throw new AppError("not-found", "There is no such change here, or it is not yours.");
  const { isEnabled } = await readSettings(ctx.db.client, "cluster");
  const targets = targetsFor(await targetReaches(ctx.db.client, true), zone.ownerId);
  const rows = targets.length === 0 ? [] : await readRows(ctx.db, targets, zone.id, seq);
  const committedAt = Number(revision.createdAt);
  const change = { seq, committedAt, isEnabled, ownerId: allowed.ownerId };
  return {
    seq,
    serial: Number(revision.serial),
    committedAt,
    isDeletion: revision.text === "",
    targets: rows.map((row, index) => receipt(row, change, index)),
  };
}

function readRows(db: Database, targets: readonly number[], zoneId: number, seq: number): Promise<Row[]> {
  return db.client.$queryRaw<Row[]>(sql`
    SELECT t."id", t."memberId", m."hostname", m."remoteHostname", m."backend", m."username", m."ownerId", m."disabledAt", m."disabledReason", m."pausedAt", m."pausedUntil",
        t."error" AS "targetError", t."retryAt" AS "targetRetryAt", z."ackSeq", z."observedSerial",
      z."observedState", z."verifySeq", z."observedDetail", z."failedSeq", z."retryAt", z."error", z."notes", d."acceptedAt", d."servedAt"
    FROM "Target" t LEFT JOIN "Member" m ON m."id" = t."memberId"
      LEFT JOIN "ZoneTarget" z ON z."targetId" = t."id" AND z."zoneId" = ${zoneId}
      LEFT JOIN "Delivery" d ON d."targetId" = t."id" AND d."seq" = ${seq}
    WHERE t."id" IN (${join([...targets])})
    ORDER BY t."memberId" IS NOT NULL, m."hostname", t."id"`);
}

function receipt(
  row: Row,
  change: { seq: number; committedAt: number; isEnabled: boolean; ownerId: number | null },
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
  };
}

function memberNameOf({ backend, username, hostname, remoteHostname }: Row): string {
  return memberName({
    backend: backend ?? "",
    username: username ?? "",
    hostname: hostname ?? "",
    remoteHostname: remoteHostname ?? "",
  });
}

/** What is left out is the owner's to know, whoever's member leaves it out: a hosted service's notes name the service and no account. */
function notesOf({ notes, backend }: Row, isAnonymous: boolean): string[] {
  if (!notes || (isAnonymous && !(backend && backendOf(backend).isService))) return [];
  return JSON.parse(notes) as string[];
}

/** What the nameserver answered instead. Of a target that DNS can tell nothing of, there is nothing to wait for: only root is told why. */
function detailOf({ observedDetail }: Row, state: ReceiptState, isAnonymous: boolean): string | null {
  if (state === "unverified") return isAnonymous ? null : observedDetail;
  return state === "accepted" ? hide(observedDetail, isAnonymous) : null;
}

function heldReason({ disabledAt, disabledReason }: Row): string {
  if (disabledAt === null) return "It is paused for maintenance. The change is sent when the pause ends.";
  return `The change is sent when it is enabled. It was disabled for: ${disabledReason ?? "too many failures."}`;
}

function heldTimes({ disabledAt, pausedAt, pausedUntil }: Row): TargetReceipt["held"] {
  if (disabledAt !== null) return { since: Number(disabledAt), until: null };
  return { since: Number(pausedAt ?? 0), until: pausedUntil === null ? null : Number(pausedUntil) };
}

/** Errors name members and addresses: a reseller is told that it waits, not where. */
function hide(text: string | null, isAnonymous: boolean): string | null {
  return text !== null && isAnonymous ? "Waiting for the nameserver. Root has been shown the reason." : text;
}

/** Its nameserver was asked for all that it can tell, and that was not the serial. */
function isLookedAt({ verifySeq, observedState }: Row): boolean {
  return verifySeq === null && observedState !== null && observedState !== "served";
}

function stateOf(row: Row, change: { seq: number; isEnabled: boolean }): ReceiptState {
  if (row.servedAt !== null) return "served";
  const acknowledged = Number(row.ackSeq ?? 0);
  if (row.acceptedAt !== null && acknowledged === change.seq) return isLookedAt(row) ? "unverified" : "accepted";
  if (acknowledged > change.seq || row.acceptedAt !== null) return "superseded";
  if (row.memberId !== null && !change.isEnabled) return "paused";
  if (row.disabledAt !== null) return "disabled";
  if (row.pausedUntil !== null) return "maintenance";
  return Number(row.failedSeq ?? 0) === change.seq ? "set-aside" : "pending";
}
