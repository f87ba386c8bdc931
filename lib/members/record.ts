import type { Context } from "@/lib/context";
import type { TargetStatus } from "@/lib/drivers/driver";
import { refusedAddress } from "@/lib/drivers/http/address-policy";
import type { DriverError } from "@/lib/errors";
import { publish } from "@/lib/live/bus";
import { addressSet } from "@/lib/net/address-set";
import { FAILURE_POLICY } from "@/lib/sync/policy";
import { findMember } from "./member-row";

/** How old "last answer" may grow before a further success is written: a busy sync would otherwise write it with every batch. */
const ANSWER_PRECISION_MS = 5_000;

/**
 * Records that a member answered: failures are counted in a row, so they start again at zero.
 * @param status what it said of itself, when it was asked for that.
 * Does nothing when the member was deleted meanwhile.
 */
export async function recordMemberSuccess(ctx: Context, memberId: number, status?: TargetStatus): Promise<void> {
  const now = ctx.clock.now();
  const member = await findMember(ctx.db.client, memberId);
  if (!member) return;
  const lastAnswerAt = Number(member.lastAnswerAt ?? 0);
  const isBack = member.failures > 0 || Number(member.lastErrorAt ?? 0) >= lastAnswerAt;
  const said = status ? statusColumns(ctx, status) : {};
  const isNews = Object.entries(said).some(([key, value]) => member[key as keyof typeof said] !== value);
  if (!isBack && !isNews && now - lastAnswerAt < ANSWER_PRECISION_MS) return;
  // An answer in the millisecond of the failure it ends still comes after it.
  const answeredAt = Math.max(now, Number(member.lastErrorAt ?? 0) + 1);
  await ctx.db.client.member.updateMany({
    where: { id: memberId },
    data: { ...said, failures: 0, lastAnswerAt: BigInt(answeredAt) },
  });
  publish("cluster");
}

/**
 * Records that a command to a member failed. Kinds that speak against the member (see FAILURE_POLICY) count toward the threshold; the others,
 * and an abort of our own, leave the count alone. What failed for one zone only is not for here: that is the zone's own affair.
 */
export async function recordMemberFailure(ctx: Context, memberId: number, error: DriverError): Promise<void> {
  if (error.kind === "aborted") return;
  const { count } = await ctx.db.client.member.updateMany({
    where: { id: memberId },
    data: {
      lastErrorAt: BigInt(ctx.clock.now()),
      lastErrorKind: error.kind,
      lastError: error.message,
      ...(FAILURE_POLICY[error.kind].counts ? { failures: { increment: 1 } } : {}),
    },
  });
  if (count > 0) publish("cluster");
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
    remoteHostname: status.hostname ?? "",
    serverId: status.serverId ?? null,
    kind: status.kind ?? "",
    dnsAddresses: JSON.stringify(
      status.dnsAddresses.filter(({ address }) => refusedAddress(address, allowed) === undefined),
    ),
  };
}
