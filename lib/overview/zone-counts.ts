import type { Context } from "@/lib/context";
import { sql } from "@/lib/db/database";
import { isWorkedOn } from "@/lib/members/held";
import { readSettings } from "@/lib/settings/settings";

export interface ZoneCounts {
  readonly zones: number;
  /** Zones in the recycle bin. */
  readonly resting: number;
  /** Whole server only (null for a reseller): zones whose newest change was not yet sent to every target that is not held. */
  readonly waiting: number | null;
  /** Whole server only: zones that some target refused, tried again one by one. A zone counts once for every such target. */
  readonly setAside: number | null;
}

/** @param ownerId null: the whole server. */
export async function countZones(ctx: Context, ownerId: number | null): Promise<ZoneCounts> {
  const owner = ownerId === null ? {} : { ownerId };
  const { zone } = ctx.db.client;
  const [zones, resting, delivery] = await Promise.all([
    zone.count({ where: { ...owner, deletedAt: null } }),
    // Not "is not null", for which SQLite uses no index.
    zone.count({ where: { ...owner, deletedAt: { gt: 0 }, purgedAt: null } }),
    ownerId === null ? countDeliveries(ctx) : { waiting: null, setAside: null },
  ]);
  return { zones, resting, ...delivery };
}

async function countDeliveries(ctx: Context): Promise<{ waiting: number; setAside: number }> {
  const { isEnabled } = await readSettings(ctx.db.client, "cluster");
  const counted = isEnabled ? isWorkedOn : sql`t."memberId" IS NULL`;
  const [cursors, [aside]] = await Promise.all([
    ctx.db.client.$queryRaw<Record<"floorSeq" | "backlogSeq" | "seenSeq", number | bigint>[]>(
      sql`SELECT t."floorSeq", t."backlogSeq", t."seenSeq" FROM "Target" t WHERE ${counted}`,
    ),
    // One range of (targetId, retryAt) a target; as a join, SQLite would read that index from end to end.
    ctx.db.client.$queryRaw<{ count: number | bigint | null }[]>(sql`
      SELECT sum((SELECT count(*) FROM "ZoneTarget" zt WHERE zt."targetId" = t."id" AND zt."retryAt" > 0)) AS "count"
      FROM "Target" t WHERE ${counted}`),
  ]);
  const ranges = mergeRanges(
    cursors.flatMap(({ floorSeq, backlogSeq, seenSeq }): Range[] => [
      [Number(floorSeq), Number(backlogSeq)],
      [Number(seenSeq), Number.MAX_SAFE_INTEGER],
    ]),
  );
  const counts = await Promise.all(
    ranges.map(([after, upTo]) =>
      ctx.db.client.zone.count({ where: { changeSeq: { gt: BigInt(after), lte: BigInt(upTo) } } }),
    ),
  );
  return { waiting: counts.reduce((sum, count) => sum + count, 0), setAside: Number(aside?.count ?? 0) };
}

/** Positions of the change sequence: after the first, up to and including the second. */
export type Range = readonly [after: number, upTo: number];

/** The same positions as ranges that do not touch, so that each is counted once however many targets wait for it. */
export function mergeRanges(ranges: readonly Range[]): Range[] {
  const merged: [number, number][] = [];
  for (const [after, upTo] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const last = merged.at(-1);
    if (upTo <= after) continue;
    if (last && after <= last[1]) last[1] = Math.max(last[1], upTo);
    else merged.push([after, upTo]);
  }
  return merged;
}
