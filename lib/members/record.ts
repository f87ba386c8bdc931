import type { Context } from "@/lib/context";
import type { Queryable } from "@/lib/db/database";
import type { TargetStatus } from "@/lib/drivers/driver";
import { refusedAddress } from "@/lib/drivers/http/address-policy";
import type { DriverError, DriverErrorKind } from "@/lib/errors";
import { publish } from "@/lib/live/bus";
import { meter } from "@/lib/metrics/meter";
import { addressSet } from "@/lib/net/address-set";
import { readSettings } from "@/lib/settings/settings";
import { FAILURE_POLICY } from "@/lib/sync/policy";
import type { Member } from "@/prisma/generated/sqlite/client";
import { disableMember, type LastFailure } from "./disable-member";
import { heldBack, WORKING } from "./held";
import { findMember } from "./member-row";
import { closeMemberDriver } from "./open-driver";
import { isPullFailing } from "./pull-failure";

/** How old "last answer" may grow before a further success is written: a busy sync would otherwise write it with every batch. */
const ANSWER_PRECISION_MS = 5_000;

/**
 * Records that a member answered: failures are counted in a row, so they start again at zero, and the episode that they were is over.
 * A light question that is answered, or a list that is given out, does not clear a member of what keeps failing there: the count stands until what is sent to
 * it gets through. Nor does the light question clear one that cannot be read.
 * @param beganAt epoch milliseconds: what was asked before the last failure was told does not speak against it
 * @param status what it said of itself, when it was asked for that
 * Does nothing when the member was deleted, disabled or paused meanwhile: a late answer enables nobody.
 */
export async function recordMemberSuccess(
  ctx: Context,
  memberId: number,
  beganAt: number,
  status?: TargetStatus,
): Promise<void> {
  const now = ctx.clock.now();
  const member = await findMember(ctx.db.client, memberId);
  if (!member || heldBack(member) !== null) return;
  const failedAt = Number(member.lastErrorAt ?? 0);
  // One in the future is of a clock that was set right since, and tells no order.
  const isLate = beganAt < failedAt && failedAt <= now;
  const lastAnswerAt = Number(member.lastAnswerAt ?? 0);
  const isBack = member.failures > 0 || failedAt >= lastAnswerAt;
  const said = status ? statusColumns(ctx, status) : {};
  const isNews = Object.entries(said).some(([key, value]) => member[key as keyof typeof said] !== value);
  if (!isNews && (isLate || (!isBack && now - lastAnswerAt < ANSWER_PRECISION_MS))) return;
  const isCleared = !(status && isPullFailing(member)) && !(await isFailing(ctx, memberId));
  // An answer in the millisecond of the failure it ends still comes after it.
  const answeredAt = Math.max(now, failedAt + 1);
  const answered = { ...(isCleared ? clearedColumns(member) : {}), lastAnswerAt: BigInt(answeredAt) };
  const data = { ...said, ...(isLate ? {} : answered) };
  // A failure that is told in this moment is not taken back by it: the next answer will.
  const asRead = { id: memberId, ...WORKING, failures: member.failures, lastErrorAt: member.lastErrorAt };
  await ctx.db.statement((db) => db.member.updateMany({ where: asRead, data }), "member.answer");
  publish("cluster");
}

/**
 * Records what became of a try to take zones in from a member, which is its work as what is sent to it is.
 * @param beganAt epoch milliseconds
 * @param failure null: they were taken in
 */
export async function recordPull(
  ctx: Context,
  memberId: number,
  beganAt: number,
  failure: DriverError | null,
): Promise<void> {
  if (failure?.kind === "aborted" || failure?.kind === "held") return;
  const data = { pullErrorKind: failure?.kind ?? null };
  await ctx.db.statement((db) => db.member.updateMany({ where: { id: memberId }, data }), "pull.end");
  if (failure) await recordMemberFailure(ctx, memberId, failure);
  else await recordMemberSuccess(ctx, memberId, beganAt);
}

/** What was sent to it last failed as a whole, and speaks against it. */
async function isFailing(ctx: Context, memberId: number): Promise<boolean> {
  const target = await ctx.db.client.target.findUnique({ where: { memberId } });
  const kind = target && target.attempts > 0 ? (target.errorKind as DriverErrorKind | null) : null;
  return kind !== null && FAILURE_POLICY[kind].counts;
}

/** The episode of a member that was enabled by itself goes on until it has caught up. */
function clearedColumns({ recoveringAt }: Member) {
  return { failures: 0, ...(recoveringAt === null ? { firstFailureAt: null, lastFailureAt: null } : {}) };
}

/**
 * Records that a command to a member failed. Kinds that speak against the member (see FAILURE_POLICY) count; the one that reaches the failure threshold
 * disables the member in the same transaction, and so does the first one of a member that is still catching up after it was enabled by itself. Other
 * kinds leave the count alone, and what we did not try or gave up ourselves is not recorded at all. What failed for one zone only is not for here: that
 * is the zone's own affair. Commands that were under way when the member was disabled or paused count no more.
 */
export async function recordMemberFailure(ctx: Context, memberId: number, error: DriverError): Promise<void> {
  if (error.kind === "aborted" || error.kind === "held") return;
  meter()?.count("zonefleet_failures_total", { scope: "member", kind: error.kind });
  const now = BigInt(ctx.clock.now());
  const last = { lastErrorAt: now, lastErrorKind: error.kind, lastError: error.message };
  if (!FAILURE_POLICY[error.kind].counts) {
    const working = { id: memberId, ...WORKING };
    const { count } = await ctx.db.statement(
      (db) => db.member.updateMany({ where: working, data: last }),
      "member.error",
    );
    if (count > 0) publish("cluster");
    return;
  }
  const became = await ctx.db.transaction((tx) => countFailure(tx, ctx, memberId, last), "member.failure");
  if (became === "gone") return;
  publish("cluster");
  if (became !== "disabled") return;
  publish("members");
  publish("notices");
  // What is under way ends here: no further command of a pull or a batch goes out.
  await closeMemberDriver(ctx, memberId);
}

/** The update locks the row until the transaction's end: of commands that fail at once, here or in another engine, one finds the threshold reached. */
async function countFailure(
  tx: Queryable,
  ctx: Context,
  memberId: number,
  last: LastFailure,
): Promise<"counted" | "disabled" | "gone"> {
  const at = last.lastErrorAt;
  const { count } = await tx.member.updateMany({
    where: { id: memberId, ...WORKING },
    data: { ...last, failures: { increment: 1 }, lastFailureAt: at },
  });
  if (count === 0) return "gone";
  await tx.member.updateMany({ where: { id: memberId, firstFailureAt: null }, data: { firstFailureAt: at } });
  const { failureThreshold } = await readSettings(tx, "cluster");
  const member = await tx.member.findUniqueOrThrow({ where: { id: memberId } });
  const isReached = failureThreshold > 0 && member.failures >= failureThreshold;
  if (!isReached && member.recoveringAt === null) return "counted";
  await disableMember(tx, ctx, member, last);
  return "disabled";
}

/**
 * What a member said of itself, as its row holds it. Its nameserver's addresses are asked over DNS from here on: like its own address, they must
 * not be a way to make this server talk to itself or to its cloud's metadata service.
 */
export function statusColumns({ env }: Pick<Context, "env">, status: TargetStatus) {
  const allowed = addressSet(env.allowedMemberNetworks);
  return {
    version: status.version,
    software: status.software,
    // One that does not tell this time runs what it ran, for all that is known.
    ...(status.nameserver?.software && { nameserver: status.nameserver.software }),
    nameserverRuns: status.nameserver?.runs ?? null,
    remoteHostname: status.hostname ?? "",
    serverId: status.serverId ?? null,
    kind: status.kind ?? "",
    dnsAddresses: JSON.stringify(
      status.dnsAddresses.filter(({ address }) => refusedAddress(address, allowed) === undefined),
    ),
  };
}
