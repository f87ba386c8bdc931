import type { Actor } from "@/lib/access/actor";
import { recordAudit } from "@/lib/audit/record";
import type { Context } from "@/lib/context";
import type { ReverseTrust } from "@/lib/drivers/driver";
import { AppError, DriverError, errorMessage } from "@/lib/errors";
import { publish } from "@/lib/live/bus";
import { memberName } from "@/lib/members/member-name";
import { openMemberDriver } from "@/lib/members/open-driver";
import { findMember } from "@/lib/members/queries";
import type { MemberInput } from "@/lib/members/schemas";
import { addMember } from "@/lib/members/service";
import type { Member } from "@/prisma/generated/sqlite/client";
import { TRUST_EVERY_MS } from "./check";
import { setUpObstacle } from "./obstacle";
import { type OwnEndpoint, ownEndpoint } from "./own-endpoint";
import { endTrustTokens, makeTrustToken, memberNetworks } from "./trust-token";

/** One thing that was done, or was not. */
export interface TrustStep {
  /** This server, or the member by its name. */
  readonly where: string;
  readonly outcome: "done" | "undone" | "failed";
  /** A sentence. */
  readonly words: string;
}

/** What setting up a reverse trust did on each side. */
export interface TrustSetup {
  readonly memberId: number;
  readonly name: string;
  readonly isEstablished: boolean;
  readonly steps: readonly TrustStep[];
}

/** WHM's limit for the page, and as much for finding out who answers. */
const LIMIT_MS = 30_000;
const HERE = "This server";

/** *Add a new server to the cluster*, with *Setup Reverse Trust Relationship* when it is ticked. @throws AppError as `addMember` */
export async function addToCluster(
  ctx: Context,
  actor: Actor,
  { reverseTrust, ...input }: MemberInput & { readonly reverseTrust: boolean },
): Promise<{ id: number; trust: TrustSetup | null }> {
  const { id } = await addMember(ctx, actor, input);
  return { id, trust: reverseTrust ? await setUpTrust(ctx, actor, { id }) : null };
}

/**
 * Sets this server up on a member, so that the member can call it: makes an API token here, and has the member store this server with it. Doing it again
 * replaces both. A half that failed is taken back: the token is revoked when the member did not say that it stored it, and the member is asked soon whether
 * it did nevertheless. What a killed server leaves behind, a token of a trust that was never completed, is seen to by `takeBackInterrupted`.
 * @param detail what is to be read beside a trust that works
 * @throws AppError "not-found", "forbidden", "invalid-input" for a member that never calls us
 */
export async function setUpTrust(
  ctx: Context,
  actor: Actor,
  input: { id: number },
  detail: string | null = null,
): Promise<TrustSetup> {
  const member = await findMember(ctx, actor, input.id);
  const name = memberName(member);
  const done = (steps: readonly TrustStep[], isEstablished = false) => {
    publish("cluster");
    return { memberId: member.id, name, isEstablished, steps };
  };
  const nothing = (words: string) =>
    done([{ where: HERE, outcome: "failed", words: `Nothing was done on either side. ${words}` }]);
  const obstacle = await setUpObstacle(ctx, actor, member.ownerId);
  if (obstacle !== null) return nothing(obstacle);
  try {
    const signal = AbortSignal.timeout(LIMIT_MS);
    const endpoint = await ownEndpoint(ctx);
    const driver = await openMemberDriver(ctx, member);
    const { reverseTrust } = driver;
    if (!reverseTrust) throw new AppError("invalid-input", `${name} is of a type that never calls this server.`);
    const networks = memberNetworks(ctx, member.address, await driver.status(signal));
    const made = await makeTrustToken(ctx, actor, member, networks);
    const madeStep = { where: HERE, words: madeWords(made.name, networks) };
    try {
      await establish(ctx, member, reverseTrust, { endpoint, token: made.token, signal });
    } catch (error) {
      await revoke(ctx, actor, member, made.id);
      if (!isExpected(error)) throw error;
      return done([
        { ...madeStep, outcome: "undone", words: `${madeStep.words} It was revoked again.` },
        { where: name, outcome: "failed", words: failedWords(error) },
      ]);
    }
    if (!(await complete(ctx, actor, member, { tokenId: made.id, detail })))
      return done([
        { where: HERE, outcome: "failed", words: `${name} was deleted meanwhile. The token for it was revoked.` },
      ]);
    const stored = `This server was set up there as ${endpoint.address}, port ${endpoint.port}, with the role Standalone, unless it was there already: then it keeps its role.`;
    return done(
      [
        { ...madeStep, outcome: "done" },
        { where: name, outcome: "done", words: stored },
      ],
      true,
    );
  } catch (error) {
    if (!isExpected(error)) throw error;
    return nothing(errorMessage(error));
  }
}

/** Failures that are about the way between the two servers, and are shown as what became of the half. */
function isExpected(error: unknown): boolean {
  return error instanceof DriverError || (error instanceof AppError && error.code === "unavailable");
}

function madeWords(name: string, networks: readonly string[]): string {
  return `The API token ${name} was made. It has the privilege clustering only, and works from ${networks.join(", ")} only.`;
}

/** After a connection that broke off or fell silent nobody knows what the other end still did. */
function failedWords(error: unknown): string {
  const isKnown = !(error instanceof DriverError) || !["timeout", "unreachable"].includes(error.kind);
  const outcome = isKnown
    ? "This server was not set up there."
    : "It did not say that this server was set up there, and is asked again soon.";
  return `${outcome} ${errorMessage(error)}`;
}

async function establish(
  ctx: Context,
  member: Member,
  trust: ReverseTrust,
  offer: { endpoint: OwnEndpoint; token: string; signal: AbortSignal },
): Promise<void> {
  const owner = await ctx.db.client.user.findUniqueOrThrow({ where: { id: member.ownerId } });
  await trust.establish({ ...offer.endpoint, username: owner.username, token: offer.token }, offer.signal);
}

async function revoke(ctx: Context, actor: Actor, member: Member, id: number): Promise<void> {
  const event = { at: ctx.clock.now(), why: "the reverse trust was not set up" };
  await ctx.db.transaction(async (tx) => {
    await endTrustTokens(tx, actor, { id }, event);
    await tx.member.updateMany({ where: { id: member.id }, data: { trustDueAt: 0n } });
  }, "trust.revoke");
}

/** Notes that the member holds the token, and ends those that it held before. @returns false when the member was deleted meanwhile */
async function complete(
  ctx: Context,
  actor: Actor,
  member: Member,
  { tokenId, detail }: { tokenId: number; detail: string | null },
): Promise<boolean> {
  const at = ctx.clock.now();
  return ctx.db.transaction(async (tx) => {
    const { count } = await tx.member.updateMany({
      where: { id: member.id },
      data: {
        trustTokenId: tokenId,
        trustThere: "works",
        trustDetail: detail,
        trustAt: BigInt(at),
        trustDueAt: BigInt(at + TRUST_EVERY_MS),
      },
    });
    const isThere = count > 0;
    const others = isThere ? { id: { not: tokenId }, memberId: member.id } : { id: tokenId };
    await endTrustTokens(tx, actor, others, { at, why: isThere ? "replaced" : "its member was deleted" });
    if (isThere) await recordAudit(tx, actor, { at, action: "trust.set-up", subject: member.hostname });
    return isThere;
  }, "trust.complete");
}
