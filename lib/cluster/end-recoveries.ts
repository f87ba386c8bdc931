import type { Context } from "@/lib/context";
import { type Queryable, sql } from "@/lib/db/database";
import { publish } from "@/lib/live/bus";
import { tellBack } from "@/lib/members/enable-member";
import { NO_EPISODE } from "@/lib/members/episode";
import { isPullFailing } from "@/lib/members/pull-failure";
import { TARGET_KINDS } from "@/lib/sync/policy";
import type { Member, Target } from "@/prisma/generated/sqlite/client";

/** Ends the episodes of members that were enabled by themselves and have caught up. Called by the engine's housekeeping. */
export async function endRecoveries(ctx: Context): Promise<void> {
  const members = await ctx.db.client.member.findMany({ where: { recoveringAt: { not: null }, disabledAt: null } });
  for (const member of members) {
    if (!(await hasCaughtUp(ctx.db.client, member))) continue;
    const isOver = await ctx.db.transaction(async (tx) => {
      const { id, recoveringAt, failures } = member;
      const { count } = await tx.member.updateMany({ where: { id, recoveringAt, failures }, data: NO_EPISODE });
      if (count > 0) await tellBack(tx, ctx, member, { how: "by-itself", waiting: 0 });
      return count > 0;
    }, "member.back");
    if (!isOver) continue;
    publish("cluster");
    publish("notices");
  }
}

/**
 * What changed before it was enabled has been dealt with; what changes now is its everyday life. A zone that waits for what the whole of it failed with has not
 * arrived, whoever is the trouble.
 */
async function hasCaughtUp(db: Queryable, member: Member): Promise<boolean> {
  const { id, recoveringAt, failures } = member;
  const target = await db.target.findUnique({ where: { memberId: id } });
  if (failures > 0 || isPullFailing(member)) return false;
  if (!target) return true;
  if (target.needsCompare || target.attempts > 0 || target.floorSeq < target.backlogSeq) return false;
  const suspect = { targetId: target.id, failedSeq: { not: null }, errorKind: { in: TARGET_KINDS } };
  if (await db.zoneTarget.findFirst({ where: suspect, select: { zoneId: true } })) return false;
  return !(await isBehind(db, target, recoveringAt ?? 0n));
}

async function isBehind(db: Queryable, { seenSeq }: Target, since: bigint): Promise<boolean> {
  const rows = await db.$queryRaw<unknown[]>(
    sql`SELECT r."seq" FROM "Revision" r WHERE r."seq" > ${seenSeq} AND r."createdAt" <= ${since} LIMIT 1`,
  );
  return rows.length > 0;
}
