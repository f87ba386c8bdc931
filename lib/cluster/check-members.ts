import type { Actor } from "@/lib/access/actor";
import { authorize } from "@/lib/access/authorize";
import type { Context } from "@/lib/context";
import type { TargetStatus } from "@/lib/drivers/driver";
import { DriverError } from "@/lib/errors";
import { followService } from "@/lib/members/follow-service";
import { assertAskable, heldBack, WORKING } from "@/lib/members/held";
import { memberName } from "@/lib/members/member-name";
import { findMember as findRow } from "@/lib/members/member-row";
import { openMemberDriver } from "@/lib/members/open-driver";
import { findMember } from "@/lib/members/queries";
import { recordMemberFailure, recordMemberSuccess } from "@/lib/members/record";
import { readSettings } from "@/lib/settings/settings";
import type { Member } from "@/prisma/generated/sqlite/client";

/** WHM gives its members as long for the Status column. */
const LIMIT_MS = 7_000;
/** 500 members of which every one is down are through in 7 s × 500/32, under two minutes. */
const CONCURRENCY = 32;

/**
 * Asks every member that is not held what it is and records the answers: what the Status column shows. Never throws for a member that fails. Does nothing while
 * clustering is disabled. Called by the engine's housekeeping.
 * @param ownerId whose members; null: all
 */
export async function checkMembers(ctx: Context, signal?: AbortSignal, ownerId: number | null = null): Promise<void> {
  const { isEnabled } = await readSettings(ctx.db.client, "cluster");
  if (!isEnabled) return;
  const members = await ctx.db.client.member.findMany({
    where: { ...WORKING, ...(ownerId === null ? {} : { ownerId }) },
    orderBy: { id: "asc" },
  });
  const queue = members.values();
  const worker = async () => {
    for (const member of queue) {
      if (signal?.aborted) return;
      await checkMember(ctx, member, signal);
    }
  };
  await Promise.all(Array.from({ length: Math.min(CONCURRENCY, members.length) }, worker));
}

/** "Check now" of the table: all members, or one. @throws AppError "forbidden", "not-found"; "conflict" for one that is disabled or paused */
export async function refreshMembers(ctx: Context, actor: Actor, input: { id?: number } = {}): Promise<void> {
  const { ownerId } = authorize(actor, "cluster.manage");
  if (input.id === undefined) return checkMembers(ctx, undefined, ownerId);
  const member = await findMember(ctx, actor, input.id);
  assertAskable(member);
  await checkMember(ctx, member);
}

/** @param listed as it was when the round began, which may be minutes ago */
async function checkMember(ctx: Context, listed: Member, signal?: AbortSignal): Promise<void> {
  const member = await findRow(ctx.db.client, listed.id);
  if (!member || heldBack(member) !== null) return;
  const limit = AbortSignal.timeout(LIMIT_MS);
  const beganAt = ctx.clock.now();
  try {
    const driver = await openMemberDriver(ctx, await followService(ctx, member));
    const status = await driver.status(signal ? AbortSignal.any([limit, signal]) : limit);
    await assertStillItself(ctx, member, status);
    await recordMemberSuccess(ctx, member.id, beganAt, status);
  } catch (error) {
    if (signal?.aborted) return;
    await recordMemberFailure(ctx, member.id, failureOf(error, member, limit.aborted));
  }
}

function failureOf(error: unknown, member: Member, isLate: boolean): DriverError {
  if (isLate) {
    const message = `${memberName(member)} did not answer within ${LIMIT_MS / 1_000} seconds.`;
    return new DriverError("timeout", member.hostname, "status", message, { cause: error });
  }
  if (error instanceof DriverError) return error;
  throw error;
}

/** An address can come to lead to another server than the one that was added, or to this one. @throws DriverError "bad-response" */
export async function assertStillItself(ctx: Context, member: Member, status: TargetStatus): Promise<void> {
  if (status.serverId === undefined) return;
  const { serverId } = await readSettings(ctx.db.client, "server");
  const message =
    status.serverId === serverId
      ? `${member.hostname} leads to this server itself now.`
      : member.serverId !== null && member.serverId !== status.serverId
        ? `Another server answers at ${member.hostname} than the one that was added. If it is a replacement, delete the member and add it again.`
        : null;
  if (message !== null) throw new DriverError("bad-response", member.hostname, "status", message);
}
