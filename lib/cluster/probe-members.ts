import { engineActor } from "@/lib/access/actor";
import { recordAudit } from "@/lib/audit/record";
import type { Context } from "@/lib/context";
import type { TargetStatus } from "@/lib/drivers/driver";
import { AppError, DriverError } from "@/lib/errors";
import { publish } from "@/lib/live/bus";
import { memberToken } from "@/lib/members/credential";
import { awayMs } from "@/lib/members/enable-member";
import { followService } from "@/lib/members/follow-service";
import { createMemberDriver } from "@/lib/members/member-driver";
import { ASKED_SOON, readyTarget } from "@/lib/members/ready-target";
import { statusColumns } from "@/lib/members/record";
import { readSettings } from "@/lib/settings/settings";
import { probeDelay, SANE_WAIT_MS } from "@/lib/sync/policy";
import type { Member } from "@/prisma/generated/sqlite/client";
import { assertStillItself } from "./check-members";

/** One light question; a member that is well answers in no time. */
const LIMIT_MS = 7_000;
/** Members asked at once. */
const SLICE = 8;

/**
 * *Re-enable automatically when it answers again*: asks disabled members, each less and less often, what they are. One that answers is enabled; until it has
 * caught up a single failure disables it again, and the episode goes on. Each cluster chooses that for its own members. Called by the engine's housekeeping.
 * @returns whether there are more
 */
export async function probeMembers(ctx: Context, signal: AbortSignal): Promise<boolean> {
  const { isEnabled, autoEnable } = await readSettings(ctx.db.client, "cluster");
  if (!isEnabled) return false;
  const own = { role: "reseller", autoEnable: true };
  const choosing = await ctx.db.client.user.findMany({
    where: autoEnable ? { OR: [{ role: "root" }, own] } : own,
    select: { id: true },
  });
  if (choosing.length === 0) return false;
  const now = ctx.clock.now();
  const due = [{ probeAt: { lte: BigInt(now) } }, { probeAt: { gt: BigInt(now + SANE_WAIT_MS) } }];
  const members = await ctx.db.client.member.findMany({
    where: { ownerId: { in: choosing.map(({ id }) => id) }, disabledAt: { not: null }, pausedUntil: null, OR: due },
    orderBy: { probeAt: "asc" },
    take: SLICE,
  });
  await Promise.all(members.map((member) => probe(ctx, member, signal)));
  return members.length === SLICE;
}

async function probe(ctx: Context, member: Member, signal: AbortSignal): Promise<void> {
  const limit = AbortSignal.timeout(LIMIT_MS);
  try {
    const status = await ask(ctx, member, AbortSignal.any([limit, signal]));
    await assertStillItself(ctx, member, status);
    await enableBySelf(ctx, member, status);
  } catch (error) {
    if (signal.aborted) return;
    const isKnown = error instanceof DriverError || error instanceof AppError;
    if (!isKnown) throw error;
    const kind = limit.aborted ? "timeout" : error instanceof DriverError ? error.kind : "auth";
    const words = limit.aborted
      ? `${member.hostname} did not answer within ${LIMIT_MS / 1_000} seconds.`
      : error.message;
    await recordVain(ctx, member, kind, words);
  }
}

/** Not with the member's own driver, which is shut while it is disabled. */
async function ask(ctx: Context, member: Member, signal: AbortSignal): Promise<TargetStatus> {
  const self = await readSettings(ctx.db.client, "server");
  const driver = createMemberDriver(ctx, self, {
    ...(await followService(ctx, member)),
    memberId: member.id,
    token: memberToken(ctx, member),
  });
  try {
    return await driver.status(signal);
  } finally {
    await driver.close();
  }
}

async function recordVain(ctx: Context, member: Member, kind: string, words: string): Promise<void> {
  const now = ctx.clock.now();
  const probes = member.probes + 1;
  const { id, disabledAt } = member;
  const data = {
    ...{ probes, probeAt: BigInt(now + probeDelay(probes)) },
    ...{ lastErrorAt: BigInt(now), lastErrorKind: kind, lastError: words, lastFailureAt: BigInt(now) },
  };
  await ctx.db.statement((db) => db.member.updateMany({ where: { id, disabledAt }, data }), "member.vain");
  publish("cluster");
}

async function enableBySelf(ctx: Context, member: Member, status: TargetStatus): Promise<void> {
  const at = ctx.clock.now();
  const isEnabled = await ctx.db.transaction(async (tx) => {
    const { count } = await tx.member.updateMany({
      where: { id: member.id, disabledAt: member.disabledAt },
      data: {
        ...statusColumns(ctx, status),
        ...ASKED_SOON,
        ...{ disabledAt: null, failures: 0, recoveringAt: BigInt(at), probeAt: null, probes: member.probes + 1 },
        lastAnswerAt: BigInt(Math.max(at, Number(member.lastErrorAt ?? 0) + 1)),
      },
    });
    if (count === 0) return false;
    await readyTarget(tx, member, { at, awayMs: awayMs(member, at) });
    const detail = { how: "it answers again", disabledAt: Number(member.disabledAt) };
    await recordAudit(tx, engineActor, { at, action: "member.enable", subject: member.hostname, detail });
    return true;
  }, "member.half-open");
  if (!isEnabled) return;
  publish("cluster");
  publish("members");
  ctx.wake();
}
