import type { Context } from "@/lib/context";
import { sql } from "@/lib/db/database";
import { isWorkedOn } from "@/lib/members/held";
import { targetReaches } from "@/lib/members/reach";
import { countWaiting, type WaitingTarget } from "@/lib/members/waiting";
import { readSettings } from "@/lib/settings/settings";

export interface ZoneCounts {
  readonly zones: number;
  /** Zones in the recycle bin. */
  readonly resting: number;
  /**
   * Whole server only (null for a reseller): zones whose newest change was not yet sent to every target that is to have them. What waits for a member that is held is told
   * with that member.
   */
  readonly waiting: number | null;
}

/** @param ownerId null: the whole server. */
export async function countZones(ctx: Context, ownerId: number | null): Promise<ZoneCounts> {
  const owner = ownerId === null ? {} : { ownerId };
  const { zone } = ctx.db.client;
  const [zones, resting, waiting] = await Promise.all([
    zone.count({ where: { ...owner, deletedAt: null } }),
    // Not "is not null", for which SQLite uses no index.
    zone.count({ where: { ...owner, deletedAt: { gt: 0 }, purgedAt: null } }),
    ownerId === null ? countUnsent(ctx) : null,
  ]);
  return { zones, resting, waiting };
}

async function countUnsent({ db }: Context): Promise<number> {
  const { isEnabled } = await readSettings(db.client, "cluster");
  const [reaches, workedOn] = await Promise.all([
    targetReaches(db.client, isEnabled),
    db.client.$queryRaw<{ id: number | bigint }[]>(sql`SELECT t."id" FROM "Target" t WHERE ${isWorkedOn}`),
  ]);
  const rows = await db.client.target.findMany({ where: { id: { in: workedOn.map(({ id }) => Number(id)) } } });
  const rowOf = new Map(rows.map((row) => [row.id, row]));
  const targets = reaches.flatMap(({ targetId, reach }): WaitingTarget[] => {
    const row = rowOf.get(targetId);
    return row ? [{ ...row, targetId, reach }] : [];
  });
  return countWaiting(db.client, targets);
}
