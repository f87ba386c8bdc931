import { sql } from "@/lib/db/database";
import { AppError, DriverError } from "@/lib/errors";
import type { Member } from "@/prisma/generated/sqlite/client";

/**
 * Whether commands go to a member.
 *
 *     working ── threshold reached ──► disabled ── Enable, or it answers again ──► working
 *        └────── Pause ──────────────► paused ──── its end time, or Resume ──────► working
 *
 * Both can be the case at once. A member that is held is still a target: what changes meanwhile is behind its cursor and is sent when it works again.
 */
export type Held = "disabled" | "paused";

type HeldColumns = Pick<Member, "disabledAt" | "pausedUntil">;

/** Why no command goes to a member; null: it works. */
export function heldBack({ disabledAt, pausedUntil }: HeldColumns): Held | null {
  if (disabledAt !== null) return "disabled";
  return pausedUntil === null ? null : "paused";
}

/** Members to which commands go, as a condition on models. */
export const WORKING = { disabledAt: null, pausedUntil: null } as const;

/** The same on the member `m` of a statement. */
export const isWorking = sql`m."disabledAt" IS NULL AND m."pausedUntil" IS NULL`;

/** Targets `t` that are worked on: the local nameserver, and members to which commands go. */
export const isWorkedOn = sql`(t."memberId" IS NULL OR EXISTS (SELECT 1 FROM "Member" m WHERE m."id" = t."memberId" AND ${isWorking}))`;

/** The one gate before every command to a stored member. @throws DriverError held */
export function assertWorking(member: HeldRow): void {
  const held = heldBack(member);
  if (held !== null) throw new DriverError("held", member.hostname, "open", heldWords(member.hostname, held));
}

/** The same for what somebody asked for. @throws AppError "conflict" */
export function assertAskable(member: HeldRow): void {
  const held = heldBack(member);
  if (held !== null) throw new AppError("conflict", heldWords(member.hostname, held));
}

type HeldRow = HeldColumns & Pick<Member, "hostname">;

function heldWords(hostname: string, held: Held): string {
  return held === "disabled"
    ? `${hostname} is disabled: nothing is sent to it, and nothing is asked of it, until it is enabled.`
    : `${hostname} is paused for maintenance: nothing is sent to it, and nothing is asked of it.`;
}
