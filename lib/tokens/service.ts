import { z } from "zod";
import { type Actor, actorId } from "@/lib/access/actor";
import { authorize } from "@/lib/access/authorize";
import { recordAudit } from "@/lib/audit/record";
import type { Context } from "@/lib/context";
import { AppError } from "@/lib/errors";
import { randomAlphanumeric } from "@/lib/ids";
import { isWithin } from "@/lib/net/address-set";
import { sha256 } from "@/lib/secrets";
import type { ApiToken } from "@/prisma/generated/sqlite/client";
import { assertAccountHolds } from "./account-privileges";
import { PREFIX_LENGTH } from "./authenticate";
import { type NewToken, newToken } from "./schemas";

/** A token as it may be shown. */
export interface TokenInfo {
  readonly name: string;
  /** WHM's ACL names; ["all"] is everything its user may do. */
  readonly acls: readonly string[];
  /** Addresses and CIDRs; none: from everywhere. */
  readonly allowedIps: readonly string[];
  /** Epoch milliseconds, as are the other instants. */
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly isExpired: boolean;
  readonly lastUsedAt: number | null;
  readonly lastUsedIp: string | null;
}

/** 190 bits: WHM's tokens have 32 characters as well. */
const TOKEN_LENGTH = 32;
const texts = z.array(z.string());

/**
 * Makes an API token.
 * @param input.acls a caller that came with a token gives only what that token has; a token never does more than its user may
 * @param input.expiresAt the same goes for this and for `allowedIps`: left out, they are those of the caller's token
 * @returns the token itself, this once: only its hash is stored
 * @throws AppError "invalid-input", "conflict" (`fields.name`), "forbidden"
 */
export async function createToken(
  ctx: Context,
  actor: Actor,
  input: NewToken,
): Promise<{ token: string; info: TokenInfo }> {
  const { name, ...rest } = parse(input);
  const userId = targetUser(actor, rest.userId);
  const now = ctx.clock.now();
  if (rest.expiresAt !== null && rest.expiresAt <= now)
    throw invalid("expiresAt", "The token would have expired already.");
  const acls = grantedAcls(actor, rest.acls);
  await assertAccountHolds(ctx.db.client, userId, acls);
  const { expiresAt, allowedIps } = grantedReach(actor, rest);
  const token = randomAlphanumeric(TOKEN_LENGTH);
  const row = await ctx.db.transaction(async (tx) => {
    await recordAudit(tx, actor, {
      at: now,
      action: "token.create",
      subject: name,
      detail: { userId, acls, allowedIps },
    });
    if (await tx.apiToken.findUnique({ where: { userId_name: { userId, name } }, select: { id: true } }))
      throw new AppError("conflict", `There is a token with the name ${name} already. Choose another name.`, {
        fields: { name: "This name is taken." },
      });
    return tx.apiToken.create({
      data: {
        userId,
        name,
        prefix: token.slice(0, PREFIX_LENGTH),
        hash: sha256(token),
        acls: JSON.stringify(acls),
        allowedIps: JSON.stringify(allowedIps),
        createdAt: BigInt(now),
        expiresAt: expiresAt === null ? null : BigInt(expiresAt),
      },
    });
  });
  return { token, info: tokenInfo(row, now) };
}

function parse(input: NewToken) {
  const result = newToken.safeParse(input);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw invalid(String(issue?.path[0] ?? "name"), issue?.message ?? "This is not valid.");
}

function invalid(field: string, message: string): AppError {
  return new AppError("invalid-input", message, { fields: { [field]: message } });
}

/** Root makes tokens for others too; everybody else for itself. */
function targetUser(actor: Actor, requested: number | undefined): number {
  const userId = requested ?? actorId(actor);
  if (userId === null) throw new Error("The system has no tokens of its own: say whose it is to be.");
  authorize(actor, "token.manage", userId);
  return userId;
}

function grantedAcls(actor: Actor, requested: readonly string[] | undefined): readonly string[] {
  const held = actor.kind === "user" ? (actor.acls ?? ["all"]) : ["all"];
  if (requested === undefined || requested.length === 0) return held;
  const missing = held.includes("all") ? undefined : requested.find((acl) => !held.includes(acl));
  if (missing !== undefined)
    throw new AppError(
      "forbidden",
      `A token can only give what it has itself, and it has not the privilege ${missing}.`,
    );
  return requested.includes("all") ? ["all"] : [...new Set(requested)];
}

/** Otherwise whoever stole a token that works for a day and from one address would make one of it that works for ever and from everywhere. */
function grantedReach(
  actor: Actor,
  requested: { expiresAt: number | null; allowedIps: readonly string[] },
): { expiresAt: number | null; allowedIps: readonly string[] } {
  const held = actor.kind === "user" ? actor.token : undefined;
  if (!held) return requested;
  const expiresAt = requested.expiresAt ?? held.expiresAt;
  if (expiresAt !== null && held.expiresAt !== null && expiresAt > held.expiresAt)
    throw new AppError("forbidden", "A token cannot make one that lasts longer than itself.");
  if (held.allowedIps.length === 0) return { expiresAt, allowedIps: requested.allowedIps };
  if (requested.allowedIps.length === 0) return { expiresAt, allowedIps: held.allowedIps };
  const outside = requested.allowedIps.find((network) => !isWithin(network, held.allowedIps));
  if (outside !== undefined)
    throw new AppError("forbidden", `A token only works from ${outside} when the one that makes it does.`);
  return { expiresAt, allowedIps: requested.allowedIps };
}

function tokenInfo(row: ApiToken, now: number): TokenInfo {
  const expiresAt = row.expiresAt === null ? null : Number(row.expiresAt);
  return {
    name: row.name,
    acls: texts.parse(JSON.parse(row.acls)),
    allowedIps: texts.parse(JSON.parse(row.allowedIps)),
    createdAt: Number(row.createdAt),
    expiresAt,
    isExpired: expiresAt !== null && expiresAt <= now,
    lastUsedAt: row.lastUsedAt === null ? null : Number(row.lastUsedAt),
    lastUsedIp: row.lastUsedIp,
  };
}

/** The tokens of a user (the caller's own when left out), by name. @throws AppError "forbidden", "not-found" for somebody else's */
export async function listTokens(ctx: Context, actor: Actor, input: { userId?: number } = {}): Promise<TokenInfo[]> {
  const userId = targetUser(actor, input.userId);
  const rows = await ctx.db.client.apiToken.findMany({ where: { userId }, orderBy: { name: "asc" } });
  const now = ctx.clock.now();
  return rows.map((row) => tokenInfo(row, now));
}

/** Ends a token; the next request with it is refused. @throws AppError "not-found", "forbidden" */
export async function revokeToken(ctx: Context, actor: Actor, input: { name: string; userId?: number }): Promise<void> {
  const userId = targetUser(actor, input.userId);
  await ctx.db.transaction(async (tx) => {
    const { count } = await tx.apiToken.deleteMany({ where: { userId, name: input.name } });
    if (count === 0) throw new AppError("not-found", "There is no token with that name.");
    await recordAudit(tx, actor, {
      at: ctx.clock.now(),
      action: "token.revoke",
      subject: input.name,
      detail: { userId },
    });
  });
}
