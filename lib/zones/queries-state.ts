import { type Database, join, sql } from "@/lib/db/database";
import { targetReaches, targetsFor } from "@/lib/members/reach";
import { PATIENCE } from "@/lib/proof/reason";
import { readSettings } from "@/lib/settings/settings";

/**
 * - `served`: every target's nameserver answered with the current serial.
 * - `unverified`: every target accepted it; some of them cannot be asked over DNS, or number zones themselves.
 * - `pending`: on its way.
 * - `attention`: set aside somewhere, refused, answered wrongly, or its target is out of reach.
 */
export type ZoneState = "served" | "unverified" | "pending" | "attention";

export interface ZoneDelivery {
  readonly state: ZoneState;
  /** Targets whose nameserver answered with the current serial, of all that should. */
  readonly served: number;
  readonly targets: number;
}

interface Counts {
  id: number | bigint;
  accepted: number | bigint;
  served: number | bigint;
  unknown: number | bigint;
  wrong: number | bigint;
  failed: number | bigint;
}

/**
 * How far the current revisions of some zones (a page of them) have come, counted in the database: a page of 50 zones with 500 targets reads 25,000 index rows.
 * A target that was never tried has no row and counts as pending. Only targets that are to have the zone count; without a cluster that is the local
 * nameserver alone.
 */
export async function zoneDeliveries(db: Database, zoneIds: readonly number[]): Promise<Map<number, ZoneDelivery>> {
  if (zoneIds.length === 0) return new Map();
  const { isEnabled } = await readSettings(db.client, "cluster");
  const [reaches, zones] = await Promise.all([
    targetReaches(db.client, isEnabled),
    db.client.zone.findMany({ where: { id: { in: [...zoneIds] } }, select: { id: true, ownerId: true } }),
  ]);
  // Most accounts have the same targets: one query for all of these.
  const groups = new Map<string, { targets: readonly number[]; zoneIds: number[] }>();
  for (const { id, ownerId } of zones) {
    const targets = targetsFor(reaches, ownerId);
    const group = groups.get(targets.join()) ?? { targets, zoneIds: [] };
    group.zoneIds.push(id);
    groups.set(targets.join(), group);
  }
  const deliveries = new Map<number, ZoneDelivery>();
  for (const group of groups.values())
    for (const [id, delivery] of await deliveriesAt(db, group.targets, group.zoneIds)) deliveries.set(id, delivery);
  return deliveries;
}

async function deliveriesAt(
  db: Database,
  targets: readonly number[],
  zoneIds: readonly number[],
): Promise<[number, ZoneDelivery][]> {
  if (targets.length === 0) return zoneIds.map((id) => [id, { state: "attention", served: 0, targets: 0 }]);
  const broken = await countBroken(db, targets);
  const isAccepted = sql`zt."ackSeq" >= z."changeSeq"`;
  const rows = await db.client.$queryRaw<Counts[]>`
    SELECT z."id",
      count(CASE WHEN ${isAccepted} THEN 1 END) AS "accepted",
      count(CASE WHEN ${isAccepted} AND zt."verifySeq" IS NULL AND zt."observedState" = 'served' AND zt."observedSerial" = z."serial" AND zt."problem" IS NULL THEN 1 END) AS "served",
      count(CASE WHEN ${isAccepted} AND zt."verifySeq" IS NULL AND (zt."observedState" IS NULL OR zt."observedState" <> 'served' OR zt."observedSerial" <> z."serial") THEN 1 END) AS "unknown",
      count(CASE WHEN zt."problem" IS NOT NULL OR (${isAccepted} AND zt."verifySeq" IS NOT NULL AND zt."verifyAttempts" >= ${PATIENCE}) THEN 1 END) AS "wrong",
      count(CASE WHEN zt."ackSeq" < z."changeSeq" AND zt."failedSeq" IS NOT NULL THEN 1 END) AS "failed"
    FROM "Zone" z LEFT JOIN "ZoneTarget" zt ON zt."zoneId" = z."id" AND zt."targetId" IN (${join([...targets])})
    WHERE z."id" IN (${join([...zoneIds])}) GROUP BY z."id"`;
  return rows.map((row) => [Number(row.id), summarise(row, targets.length, broken)]);
}

/** Targets that are out of reach: they failed as a whole, or were disabled for it. One that is paused is not. */
async function countBroken(db: Database, targets: readonly number[]): Promise<number> {
  const [row] = await db.client.$queryRaw<{ count: number | bigint }[]>(sql`
    SELECT count(*) AS "count" FROM "Target" t LEFT JOIN "Member" m ON m."id" = t."memberId"
    WHERE t."id" IN (${join([...targets])}) AND (m."disabledAt" IS NOT NULL OR (t."errorKind" IS NOT NULL AND m."pausedUntil" IS NULL))`);
  return Number(row?.count ?? 0);
}

function summarise(row: Counts, targets: number, broken: number): ZoneDelivery {
  const [accepted, served, unknown] = [Number(row.accepted), Number(row.served), Number(row.unknown)];
  const hasFault = Number(row.wrong) > 0 || Number(row.failed) > 0 || targets === 0;
  const state = (): ZoneState => {
    if (hasFault || (accepted < targets && broken > 0)) return "attention";
    if (accepted < targets || served + unknown < targets) return "pending";
    return unknown > 0 ? "unverified" : "served";
  };
  return { state: state(), served, targets };
}
