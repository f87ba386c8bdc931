import { z } from "zod";
import type { ApiToken } from "@/prisma/generated/sqlite/client";

/**
 * - `unused`: it was never used although it is a month old, or not for three months: nobody may need it any more.
 * - `expiring`: it ends within a week.
 */
export type TokenState = "ok" | "expiring" | "expired" | "unused";

/** A token as it may be shown. Instants are epoch milliseconds. */
export interface TokenInfo {
  readonly name: string;
  /** WHM's ACL names; ["all"] is everything its user may do. */
  readonly acls: readonly string[];
  /** Addresses and CIDRs; none: from everywhere. */
  readonly allowedIps: readonly string[];
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly lastUsedAt: number | null;
  readonly lastUsedIp: string | null;
  readonly state: TokenState;
  /** It was made by setting up a reverse trust, for this member. */
  readonly memberId: number | null;
}

const DAY = 86_400_000;
const UNUSED_AFTER = 90 * DAY;
const NEVER_USED_AFTER = 30 * DAY;
const EXPIRING_WITHIN = 7 * DAY;

export function tokenState(token: Pick<TokenInfo, "createdAt" | "expiresAt" | "lastUsedAt">, now: number): TokenState {
  const { createdAt, expiresAt, lastUsedAt } = token;
  if (expiresAt !== null && expiresAt <= now) return "expired";
  const isUnused = lastUsedAt === null ? now - createdAt > NEVER_USED_AFTER : now - lastUsedAt > UNUSED_AFTER;
  if (isUnused) return "unused";
  return expiresAt !== null && expiresAt - now <= EXPIRING_WITHIN ? "expiring" : "ok";
}

const texts = z.array(z.string());
const instant = (value: bigint | null) => (value === null ? null : Number(value));

export function tokenInfo(row: ApiToken, now: number): TokenInfo {
  const instants = {
    createdAt: Number(row.createdAt),
    expiresAt: instant(row.expiresAt),
    lastUsedAt: instant(row.lastUsedAt),
  };
  return {
    ...instants,
    name: row.name,
    acls: texts.parse(JSON.parse(row.acls)),
    allowedIps: texts.parse(JSON.parse(row.allowedIps)),
    lastUsedIp: row.lastUsedIp,
    state: tokenState(instants, now),
    memberId: row.memberId,
  };
}
