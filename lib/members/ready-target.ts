import type { Queryable } from "@/lib/db/database";
import type { Member } from "@/prisma/generated/sqlite/client";
import { dnsRole } from "./dns-role";

/** After so long both sides of a member in the Synchronize role may have changed much: all zones are compared before any is written. */
export const LONG_AWAY_MS = 60 * 60_000;

/** Whether all zones of a member that comes back after `awayMs` are compared, both ways, before anything is written. */
export function isComparedFirst({ role }: Pick<Member, "role">, awayMs: number): boolean {
  const { sends, receives } = dnsRole(role);
  return sends && receives && awayMs >= LONG_AWAY_MS;
}

/** What a target waited for is over: it is called at once. @param awayMs how long nothing reached the member */
export async function readyTarget(tx: Queryable, member: Pick<Member, "id" | "role">, awayMs: number): Promise<void> {
  const called = { attempts: 0, retryAt: 0n, errorKind: null, error: null };
  const compared = isComparedFirst(member, awayMs) ? { needsCompare: true } : {};
  await tx.target.updateMany({ where: { memberId: member.id }, data: { ...called, ...compared } });
}

/** What was not asked meanwhile is asked soon: newer copies, and the member's half of the trust. */
export const ASKED_SOON = { lastPullAt: null, trustDueAt: 0n } as const;
