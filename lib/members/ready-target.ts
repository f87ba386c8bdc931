import type { Queryable } from "@/lib/db/database";
import { TARGET_KINDS } from "@/lib/sync/policy";
import type { Member } from "@/prisma/generated/sqlite/client";
import { dnsRole } from "./dns-role";

/** After so long both sides of a member in the Synchronize role may have changed much: all zones are compared before any is written. */
export const LONG_AWAY_MS = 60 * 60_000;

/** Whether all zones of a member that comes back after `awayMs` are compared, both ways, before anything is written. */
export function isComparedFirst({ role }: Pick<Member, "role">, awayMs: number): boolean {
  const { sends, receives } = dnsRole(role);
  return sends && receives && awayMs >= LONG_AWAY_MS;
}

/**
 * What a target waited for is over: it is called at once, also with zones that were set aside for what the whole of it failed with.
 * @param awayMs how long nothing reached the member, until `at`
 */
export async function readyTarget(
  tx: Queryable,
  member: Pick<Member, "id" | "role">,
  { at, awayMs }: { at: number; awayMs: number },
): Promise<void> {
  const target = await tx.target.findUnique({ where: { memberId: member.id }, select: { id: true } });
  if (!target) return;
  const called = { attempts: 0, retryAt: 0n, errorKind: null, error: null };
  const compared = isComparedFirst(member, awayMs) ? { needsCompare: true } : {};
  await tx.target.update({ where: { id: target.id }, data: { ...called, ...compared } });
  const suspects = { targetId: target.id, retryAt: { not: null }, errorKind: { in: TARGET_KINDS } };
  await tx.zoneTarget.updateMany({ where: suspects, data: { retryAt: BigInt(at) } });
}

/** What was not asked meanwhile is asked soon: newer copies, and the member's half of the trust. */
export const ASKED_SOON = { lastPullAt: null, trustDueAt: 0n } as const;
