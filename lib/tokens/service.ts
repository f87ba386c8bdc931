import { type Actor, actorId } from "@/lib/access/actor";
import { authorize } from "@/lib/access/authorize";
import { recordAudit } from "@/lib/audit/record";
import type { Context } from "@/lib/context";
import type { Queryable } from "@/lib/db/database";
import { AppError } from "@/lib/errors";
import { randomAlphanumeric } from "@/lib/ids";
import { publish } from "@/lib/live/bus";
import { sha256 } from "@/lib/secrets";
import { assertAccountHolds } from "./account-privileges";
import { PREFIX_LENGTH } from "./authenticate";
import { grantedAcls, grantedReach } from "./grants";
import { type NewToken, newToken } from "./schemas";
import { type TokenInfo, tokenInfo } from "./token-info";

/** 190 bits: WHM's tokens have 32 characters as well. */
const TOKEN_LENGTH = 32;

/**
 * Makes an API token.
 * @param input.acls a caller that came with a token gives only what that token has; a token never does more than its user may
 * @param input.expiresAt the same goes for this and for `allowedIps`: left out, they are those of the caller's token
 * @param input.memberId the member that it is made for, when a reverse trust is set up (lib/trust)
 * @returns the token itself, this once: only its hash is stored
 * @throws AppError "invalid-input", "conflict" (`fields.name`), "forbidden"
 */
export async function createToken(
  ctx: Context,
  actor: Actor,
  input: NewToken & { readonly memberId?: number },
): Promise<{ id: number; token: string; info: TokenInfo }> {
  const now = ctx.clock.now();
  const { name, userId, ...granted } = grant(actor, input, now);
  await assertAccountHolds(ctx.db.client, userId, granted.acls);
  const token = randomAlphanumeric(TOKEN_LENGTH);
  const row = await ctx.db.transaction(async (tx) => {
    await recordAudit(tx, actor, {
      at: now,
      action: "token.create",
      subject: name,
      detail: { userId, ...granted },
    });
    if (await tx.apiToken.findUnique({ where: { userId_name: { userId, name } }, select: { id: true } }))
      throw new AppError("conflict", `There is a token with the name ${name} already. Choose another name.`, {
        fields: { name: "This name is taken." },
      });
    return tx.apiToken.create({
      data: {
        ...columns(granted),
        userId,
        name,
        prefix: token.slice(0, PREFIX_LENGTH),
        hash: sha256(token),
        memberId: input.memberId ?? null,
        createdAt: BigInt(now),
      },
    });
  }, "token.create");
  publish("tokens");
  return { id: row.id, token, info: tokenInfo(row, now) };
}

/**
 * Gives a token other privileges, another expiry and other addresses, all three at once: what is left out is as for a new token, which is how WHM's
 * `api_token_update` has it. Its name and the token itself stay. What it becomes must be something that the caller could have made.
 * @throws AppError "invalid-input", "forbidden", "not-found"
 */
export async function updateToken(ctx: Context, actor: Actor, input: NewToken): Promise<TokenInfo> {
  const now = ctx.clock.now();
  const { name, userId, ...granted } = grant(actor, input, now);
  await assertAccountHolds(ctx.db.client, userId, granted.acls);
  const info = await ctx.db.transaction(async (tx) => {
    const before = await findToken(tx, userId, name);
    const row = await tx.apiToken.update({ where: { id: before.id }, data: columns(granted) });
    await trustChanged(tx, userId);
    await recordAudit(tx, actor, {
      at: now,
      action: "token.update",
      subject: name,
      detail: { userId, ...granted },
    });
    return tokenInfo(row, now);
  });
  publish("tokens");
  return info;
}

interface Granted {
  readonly acls: readonly string[];
  readonly expiresAt: number | null;
  readonly allowedIps: readonly string[];
}

/** What `actor` asks for, checked and cut to what it can give. */
function grant(actor: Actor, input: NewToken, now: number): Granted & { name: string; userId: number } {
  const { name, acls, expiresAt, allowedIps, userId } = parse(input);
  const target = targetUser(actor, userId);
  if (expiresAt !== null && expiresAt <= now) throw invalid("expiresAt", "The token would have expired already.");
  return {
    name,
    userId: target,
    acls: grantedAcls(actor, acls),
    ...grantedReach(actor, { expiresAt, allowedIps }),
  };
}

function columns({ acls, expiresAt, allowedIps }: Granted) {
  return {
    acls: JSON.stringify(acls),
    allowedIps: JSON.stringify(allowedIps),
    expiresAt: expiresAt === null ? null : BigInt(expiresAt),
  };
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

async function findToken(tx: Queryable, userId: number, name: string): Promise<{ id: number }> {
  const row = await tx.apiToken.findUnique({ where: { userId_name: { userId, name } }, select: { id: true } });
  if (!row) throw new AppError("not-found", `There is no token with the name ${name.slice(0, 50)}.`);
  return row;
}

/** The tokens of a user (the caller's own when left out), by name. @throws AppError "forbidden", "not-found" for somebody else's */
export async function listTokens(ctx: Context, actor: Actor, input: { userId?: number } = {}): Promise<TokenInfo[]> {
  const userId = targetUser(actor, input.userId);
  const rows = await ctx.db.client.apiToken.findMany({ where: { userId }, orderBy: { name: "asc" } });
  const now = ctx.clock.now();
  return rows.map((row) => tokenInfo(row, now));
}

/**
 * Ends tokens, all of them or, when one of the names is unknown, none; the next request with one of them is refused.
 * @throws AppError "not-found", "forbidden"
 */
export async function revokeTokens(
  ctx: Context,
  actor: Actor,
  input: { names: readonly string[]; userId?: number },
): Promise<void> {
  const userId = targetUser(actor, input.userId);
  await ctx.db.transaction(async (tx) => {
    for (const name of new Set(input.names)) {
      const { id } = await findToken(tx, userId, name);
      await tx.apiToken.delete({ where: { id } });
      await tx.refusedCall.deleteMany({ where: { tokenId: id } });
      await recordAudit(tx, actor, {
        at: ctx.clock.now(),
        action: "token.revoke",
        subject: name,
        detail: { userId },
      });
    }
    await trustChanged(tx, userId);
  });
  publish("cluster");
  publish("tokens");
}

/** A member may have used the token: what it can do here is looked at again at once. */
async function trustChanged(tx: Queryable, userId: number): Promise<void> {
  await tx.member.updateMany({ where: { ownerId: userId }, data: { trustDueAt: 0n } });
}
