import type { Actor } from "@/lib/access/actor";
import type { Context } from "@/lib/context";
import type { TrustAnswer } from "@/lib/drivers/driver";
import { AppError, DriverError } from "@/lib/errors";
import { publish } from "@/lib/live/bus";
import { backendOf } from "@/lib/members/backends";
import { assertAskable, isWorking } from "@/lib/members/held";
import { openMemberDriver } from "@/lib/members/open-driver";
import { findMember } from "@/lib/members/queries";
import { readSettings } from "@/lib/settings/settings";
import type { Member } from "@/prisma/generated/sqlite/client";
import { ownEndpoint } from "./own-endpoint";
import { tellTrust } from "./tell-trust";

/** How often a member is asked for its half; sooner when it could not answer. */
export const TRUST_EVERY_MS = 30 * 60_000;
const AGAIN_MS = 5 * 60_000;
/** The member calls us in turn before it answers, and gives that 7 seconds. */
const LIMIT_MS = 12_000;
/** Members asked in one slice, at once. */
const SLICE = 16;

/**
 * Asks the members that are due for their half of the trust: after the slow interval, at once when a token of ours was changed, revoked or expired, and when
 * the member was edited (trustDueAt 0). Those with an interrupted set-up are asked by `takeBackInterrupted`.
 * @returns whether there are more
 */
export async function checkDueTrusts(ctx: Context, signal: AbortSignal): Promise<boolean> {
  const { isEnabled } = await readSettings(ctx.db.client, "cluster");
  if (!isEnabled) return false;
  const now = BigInt(ctx.clock.now());
  const due = await ctx.db.client.$queryRaw<{ id: number | bigint }[]>`
    SELECT m."id" FROM "Member" m WHERE ${isWorking} AND COALESCE(m."trustThere", '') <> 'interrupted' AND (m."trustDueAt" <= ${now} OR EXISTS (
      SELECT 1 FROM "ApiToken" t WHERE t."userId" = m."ownerId" AND t."expiresAt" <= ${now} AND t."expiresAt" > m."trustAt"))
    ORDER BY m."trustDueAt", m."id" LIMIT ${SLICE}`;
  const members = await ctx.db.client.member.findMany({ where: { id: { in: due.map(({ id }) => Number(id)) } } });
  await Promise.all(members.map((member) => checkMember(ctx, member, { signal })));
  return due.length === SLICE;
}

/**
 * *Check again* of the Trust page: one member, now.
 * @param interrupted what became of a set-up that was interrupted. Until the member says that it has not stored this server, the set-up goes on being one
 * @returns what it said; null: its type never calls us
 * @throws AppError "not-found", "forbidden"; "conflict" for one that is disabled or paused
 */
export async function checkTrust(
  ctx: Context,
  actor: Actor,
  input: { id: number },
  interrupted?: string,
): Promise<Heard["state"] | null> {
  const member = await findMember(ctx, actor, input.id);
  assertAskable(member);
  const heard = await checkMember(ctx, member, { interrupted });
  return heard?.state ?? null;
}

async function checkMember(
  ctx: Context,
  member: Member,
  { signal, interrupted }: { signal?: AbortSignal; interrupted?: string },
): Promise<Heard | null> {
  const asked = { ...(await begin(ctx, member, interrupted === undefined ? TRUST_EVERY_MS : AGAIN_MS)), interrupted };
  const heard = backendOf(member.backend).hasReverseTrust ? await ask(ctx, member, signal) : null;
  if (heard === "stopped") return null;
  await record(ctx, asked, heard);
  return heard;
}

/** @returns "stopped": the server stops, or the member was held this moment, and nothing was learnt */
async function ask(ctx: Context, member: Member, signal?: AbortSignal): Promise<Heard | null | "stopped"> {
  const limit = AbortSignal.timeout(LIMIT_MS);
  try {
    const { address } = await ownEndpoint(ctx);
    const driver = await openMemberDriver(ctx, member);
    const within = signal ? AbortSignal.any([limit, signal]) : limit;
    return (await driver.reverseTrust?.ask(address, within)) ?? null;
  } catch (error) {
    // Disabled or paused this moment: it was not asked.
    if (signal?.aborted || (error instanceof DriverError && error.kind === "held")) return "stopped";
    const isKnown = error instanceof DriverError || (error instanceof AppError && error.code === "unavailable");
    if (!isKnown) throw error;
    const detail = limit.aborted
      ? `${member.hostname} did not answer within ${LIMIT_MS / 1_000} seconds.`
      : error.message;
    return { state: "silent", detail };
  }
}

interface Asked {
  readonly member: Member;
  /** The token that was once made for it was gone before it was asked. */
  readonly hadNoToken: boolean;
  readonly interrupted?: string;
}

/** Its next time is noted before it is asked: what makes it due again while it answers is not lost. */
async function begin(ctx: Context, member: Member, againMs: number): Promise<Asked> {
  const data = { trustDueAt: BigInt(ctx.clock.now() + againMs) };
  await ctx.db.statement((db) => db.member.updateMany({ where: { id: member.id }, data }), "trust.ask");
  const { trustTokenId } = member;
  const where = { id: trustTokenId ?? 0 };
  const hadNoToken = trustTokenId !== null && (await ctx.db.client.apiToken.count({ where })) === 0;
  return { member, hadNoToken };
}

type Heard = TrustAnswer | { readonly state: "silent"; readonly detail: string };

/** An answer from before a trust was set up anew says nothing of it any more, and is dropped. */
async function record(ctx: Context, asked: Asked, heard: Heard | null): Promise<void> {
  const { member, hadNoToken } = asked;
  const { id, trustTokenId } = member;
  const now = ctx.clock.now();
  // It calls us with something else than the token that we once made for it, which is gone: no reason to miss that one.
  const isReplaced = heard?.state === "works" && hadNoToken;
  const { trustThere, trustDetail } = said(asked, heard);
  // In one transaction: what it had before is known now and never again.
  await ctx.db.transaction(async (tx) => {
    const { count } = await tx.member.updateMany({
      where: { id, trustTokenId },
      data: {
        ...{ trustThere, trustDetail },
        trustAt: BigInt(now),
        ...(isReplaced ? { trustTokenId: null } : {}),
      },
    });
    if (count > 0) await tellTrust(tx, ctx, id, { hadUs: hadUs(asked) });
    const again = BigInt(now + AGAIN_MS);
    if (heard?.state === "silent")
      await tx.member.updateMany({ where: { id, trustDueAt: { gt: again } }, data: { trustDueAt: again } });
  }, "trust.heard");
  if (trustThere !== member.trustThere || trustDetail !== member.trustDetail) publish("cluster");
}

/** What is stored of an answer. */
function said({ member, interrupted }: Asked, heard: Heard | null) {
  const [state, detail] = [heard?.state ?? null, heard?.detail ?? null];
  if (interrupted !== undefined) {
    // Why the member could not be asked, or does not get through, stays before it.
    const why = state === "broken" || state === "silent" ? detail : null;
    const isOver = state === null || state === "works" || state === "missing";
    return { trustThere: isOver ? state : "interrupted", trustDetail: [why, interrupted].filter(Boolean).join(" ") };
  }
  if (state === "silent" && member.trustThere === "interrupted")
    return { trustThere: member.trustThere, trustDetail: member.trustDetail };
  // What became of a set-up that was interrupted is to be read until something changes.
  const kept = state === "missing" && member.trustThere === "missing" ? member.trustDetail : null;
  return { trustThere: state, trustDetail: detail ?? kept };
}

/** Whether the member had this server in its cluster before it was asked. Where that is not known the token tells that was made for it: it is kept until it is revoked. */
function hadUs({ member: { trustThere, trustTokenId }, hadNoToken }: Asked): boolean {
  if (trustThere === "silent" || trustThere === "interrupted") return trustTokenId !== null && !hadNoToken;
  return trustThere === "works" || trustThere === "unchecked";
}
