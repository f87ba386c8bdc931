import type { Queryable } from "@/lib/db/database";
import { dnsRole } from "./dns-role";

/**
 * Makes the member's Target row fit its role, in the caller's transaction: a target exists while zones are sent to the member. A new one starts
 * with nothing acknowledged; the engine then brings it every zone, newest edits first.
 */
export async function fitTarget(tx: Queryable, member: { id: number; role: string }, now: number): Promise<void> {
  if (!dnsRole(member.role).sends) return dropTarget(tx, member.id);
  await tx.target.upsert({
    where: { memberId: member.id },
    create: { memberId: member.id, createdAt: BigInt(now) },
    update: {},
  });
}

/** Deletes the member's target with what it acknowledged. The zones at the member itself stay as they are. */
export async function dropTarget(tx: Queryable, memberId: number): Promise<void> {
  const target = await tx.target.findUnique({ where: { memberId }, select: { id: true } });
  if (!target) return;
  const targetId = target.id;
  await tx.zoneTarget.deleteMany({ where: { targetId } });
  await tx.contentCheck.deleteMany({ where: { targetId } });
  await tx.targetAddress.deleteMany({ where: { targetId } });
  await tx.delivery.deleteMany({ where: { targetId } });
  await tx.target.delete({ where: { id: targetId } });
}
