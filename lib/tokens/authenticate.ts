import { z } from "zod";
import type { UserActor } from "@/lib/access/actor";
import type { Context } from "@/lib/context";
import type { Database } from "@/lib/db/database";
import { AppError, errorMessage } from "@/lib/errors";
import { publish } from "@/lib/live/bus";
import { logger } from "@/lib/logger";
import { addressSet, isLoopback } from "@/lib/net/address-set";
import { equalSecret, sha256 } from "@/lib/secrets";
import { recordRefusedCall } from "@/lib/trusted-ips/refused-calls";
import { privilegesOf } from "@/lib/users/privileges";
import { createFailureLimit, type FailureLimit } from "./failure-limit";

const log = logger("tokens");

/** Why a token was refused: for the log and for tests. Callers are told one sentence for all of them. */
export type RefusalReason = "unknown" | "wrong-user" | "suspended" | "expired" | "address";

/** The `cause` of the error that a refused caller gets. */
export class TokenRefusal extends Error {
  override readonly name = "TokenRefusal";
  constructor(readonly reason: RefusalReason) {
    super(`API token refused: ${reason}`);
  }
}

export interface TokenCaller {
  /** null: the caller names nobody, and is whoever's token it is. */
  readonly username: string | null;
  readonly token: string;
  /** Numeric address of the caller; "" when it is not known, which no address limit lets pass. */
  readonly address: string;
  /** What a proxy at this address handed on that is not named: whose call it is is not known. Left out: false */
  readonly isForwarded?: boolean;
}

/** Characters of a token that find its row. Eight of 62 leave 24, that is 142 bits, to be compared. */
export const PREFIX_LENGTH = 8;
const MINUTE = 60_000;
const texts = z.array(z.string());

const limits = new WeakMap<Database, FailureLimit>();

function limitOf(ctx: Context): FailureLimit {
  const known = limits.get(ctx.db) ?? createFailureLimit();
  limits.set(ctx.db, known);
  return known;
}

interface TokenRow {
  readonly id: number;
  readonly name: string;
  readonly hash: string;
  readonly acls: string;
  readonly allowedIps: string;
  readonly expiresAt: bigint | number | null;
  readonly lastUsedAt: bigint | number | null;
  readonly userId: number;
  readonly username: string;
  readonly role: string;
  readonly suspendedAt: bigint | number | null;
  readonly userAcls: string;
}

/**
 * Who comes with this token. Asked of the database every time (0.2 ms): a token that was revoked, or whose user was suspended, ends with the next request,
 * on every server of the same database.
 * @throws AppError "unauthenticated" (cause: TokenRefusal), "rate-limited" after many failures from one address
 */
export async function authenticateToken(ctx: Context, caller: TokenCaller): Promise<UserActor> {
  const { username, token, address } = caller;
  const limit = limitOf(ctx);
  const now = ctx.clock.now();
  const prefix = token.slice(0, PREFIX_LENGTH);
  const waitMs = limit.wait(address, prefix, now);
  if (waitMs > 0) {
    const message = `Too many wrong API tokens came from this address. Wait ${Math.ceil(waitMs / 1_000)} seconds.`;
    throw new AppError("rate-limited", message, { details: { retryAfterMs: waitMs } });
  }
  const [row] = await ctx.db.client.$queryRaw<TokenRow[]>`
    SELECT t."id", t."name", t."hash", t."acls", t."allowedIps", t."expiresAt", t."lastUsedAt", u."id" AS "userId", u."username", u."role", u."suspendedAt",
      u."acls" AS "userAcls"
    FROM "ApiToken" t JOIN "User" u ON u."id" = t."userId" WHERE t."prefix" = ${prefix}`;
  const reason = refusal(row, caller, now);
  if (row === undefined || reason !== undefined) {
    // Whoever has a token that does not do any more has guessed nothing: a forgotten script must not shut out what else runs at its address.
    if (reason === "unknown") limit.failed(address, now);
    if (row && reason === "address")
      await recordRefusedCall(ctx, {
        userId: row.userId,
        tokenId: row.id,
        tokenName: row.name,
        address,
        call: "",
        reason: isFromHere(caller) ? "proxy" : "token",
      });
    log.warn("API request refused", { reason, username: username?.slice(0, 100), address });
    throw new AppError("unauthenticated", "The username or the API token is not valid here.", {
      cause: new TokenRefusal(reason ?? "unknown"),
    });
  }
  limit.succeeded(address, prefix);
  await recordUse(ctx, row, address, now);
  const role = row.role === "root" ? "root" : "reseller";
  return {
    kind: "user",
    userId: row.userId,
    username: row.username,
    role,
    ...privilegesOf({ role, acls: row.userAcls }),
    acls: texts.parse(JSON.parse(row.acls)),
    token: {
      id: row.id,
      name: row.name,
      expiresAt: row.expiresAt === null ? null : Number(row.expiresAt),
      allowedIps: texts.parse(JSON.parse(row.allowedIps)),
    },
    address,
    ...(caller.isForwarded ? { isForwarded: true } : {}),
  };
}

/** A proxy on this machine that is not named: calls of the whole world would look like this machine's own. */
function isFromHere({ address, isForwarded }: TokenCaller): boolean {
  return isForwarded === true && isLoopback(address);
}

function refusal(row: TokenRow | undefined, caller: TokenCaller, now: number) {
  const { username, token, address } = caller;
  // Compared also when there is no such row: the time taken tells nothing about prefixes.
  const isRight = equalSecret(sha256(token), row?.hash ?? "");
  if (!row || !isRight) return "unknown";
  if (username !== null && row.username !== username) return "wrong-user";
  if (row.suspendedAt !== null) return "suspended";
  if (row.expiresAt !== null && Number(row.expiresAt) <= now) return "expired";
  const allowed = texts.parse(JSON.parse(row.allowedIps));
  if (allowed.length === 0) return undefined;
  return isFromHere(caller) || !addressSet(allowed).has(address) ? "address" : undefined;
}

/** At most once a minute; a request is not refused because this could not be written. */
async function recordUse(ctx: Context, row: TokenRow, address: string, now: number): Promise<void> {
  if (row.lastUsedAt !== null && Math.abs(now - Number(row.lastUsedAt)) < MINUTE) return;
  try {
    await ctx.db.client.apiToken.updateMany({
      where: { id: row.id },
      data: { lastUsedAt: BigInt(now), lastUsedIp: address },
    });
    publish("tokens");
  } catch (error) {
    log.warn("The last use of an API token could not be recorded", { error: errorMessage(error) });
  }
}
