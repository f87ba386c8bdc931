import type { Context } from "@/lib/context";
import { empty, join, sql } from "@/lib/db/database";
import type { SyncJob } from "@/lib/sync-jobs/job";
import { LOCAL } from "@/lib/sync-jobs/schemas";

/** Zones at members (`LOCAL`: this server's nameserver) whose nameserver does otherwise than was acknowledged: "member zone" keys, by name. */
export interface DoubtfulZones {
  has(memberId: number, name: string): boolean;
  readonly names: ReadonlySet<string>;
}

export const NOTHING_DOUBTFUL: DoubtfulZones = { has: () => false, names: new Set() };

/** Looked for so often in vain, a change is a worry; before that it is on its way. For one zone that somebody points at, at once. */
const CHECKS_BEFORE_WORRY = 8;

/**
 * What a repair sends again although the member says that it holds it: what its nameserver was seen to serve otherwise, by the sweep or right after it was
 * acknowledged; and what the member set aside. An address that does not answer at all is not mended by sending.
 * @param members those that are asked, `LOCAL` among them
 */
export async function doubtfulZones(
  ctx: Context,
  { zone, accountId }: Pick<SyncJob, "zone" | "accountId">,
  members: readonly number[],
): Promise<DoubtfulZones> {
  if (members.length === 0) return NOTHING_DOUBTFUL;
  const least = zone === null ? CHECKS_BEFORE_WORRY : 1;
  const rows = await ctx.db.client.$queryRaw<{ memberId: number | bigint; name: string }[]>(sql`
    SELECT COALESCE(g."memberId", ${LOCAL}) AS "memberId", z."name"
    FROM "Target" g JOIN "ZoneTarget" t ON t."targetId" = g."id" JOIN "Zone" z ON z."id" = t."zoneId"
    WHERE COALESCE(g."memberId", ${LOCAL}) IN (${join([...members])})
      ${zone === null ? empty : sql`AND z."name" = ${zone}`} ${accountId === null ? empty : sql`AND z."ownerId" = ${accountId}`}
      AND ((t."problem" IS NOT NULL AND t."problem" <> 'unreachable')
        OR (t."failedSeq" = z."changeSeq" AND t."errorKind" IS NOT NULL)
        OR (z."deletedAt" IS NULL AND t."ackSeq" = z."changeSeq" AND t."observedState" IN ('lagging', 'absent')
          AND (t."verifySeq" IS NULL OR t."verifyAttempts" >= ${least})))`);
  const keys = new Set(rows.map(({ memberId, name }) => `${memberId} ${name}`));
  return { has: (memberId, name) => keys.has(`${memberId} ${name}`), names: new Set(rows.map(({ name }) => name)) };
}
