import { sql } from "@/lib/db/database";
import { reachCondition } from "@/lib/members/reach";
import type { DueZone, TargetState } from "@/lib/sync/ports";

/** A row of `dueQuery`. SQLite gives small integers as numbers, PostgreSQL big ones as bigint. */
export interface DueRow {
  readonly id: number | bigint;
  readonly name: string;
  readonly changeSeq: bigint;
  readonly serial: bigint;
  readonly digest: string;
  readonly updatedAt: bigint;
  readonly recordCount: number | bigint;
  readonly deletedAt: bigint | null;
  readonly originMemberId: number | bigint | null;
  /** null: there is no row, so the zone was never sent there. */
  readonly ackSeq: bigint | null;
  readonly ackSerial: bigint | null;
  readonly ackDigest: string | null;
  readonly failedSeq: bigint | null;
  readonly errorKind: string | null;
  readonly attempts: number | bigint | null;
  readonly isReached: number | bigint;
  readonly isWithdrawn: boolean | number | null;
  readonly isForced: boolean | number | null;
}

type Sql = ReturnType<typeof sql>;

/**
 * Zones beside what one target acknowledged of them, and whether they are within its reach.
 * @param where on `z` (the zone) and `t` (its row for the target)
 */
export function dueQuery({ id, reach }: Pick<TargetState, "id" | "reach">, where: Sql, order: Sql, limit: number): Sql {
  return sql`
    SELECT z."id", z."name", z."changeSeq", z."serial", z."digest", z."updatedAt", z."recordCount", z."deletedAt", z."originMemberId",
      t."ackSeq", t."ackSerial", t."ackDigest", t."failedSeq", t."attempts", t."errorKind", t."isWithdrawn", t."isForced",
      CASE WHEN ${reachCondition(reach)} THEN 1 ELSE 0 END AS "isReached"
    FROM "Zone" z LEFT JOIN "ZoneTarget" t ON t."zoneId" = z."id" AND t."targetId" = ${id}
    WHERE ${where} ORDER BY ${order} LIMIT ${limit}`;
}

export function dueZone(row: DueRow): DueZone {
  const isReached = Number(row.isReached) === 1;
  // A zone that came back into reach, or was added again, meanwhile is wanted there.
  const isWithdrawn = (!isReached || row.deletedAt !== null) && Boolean(row.isWithdrawn);
  const zone = currentState(row, isReached);
  if (!isWithdrawn || !zone.acknowledged) return zone;
  const { serial, digest } = zone.acknowledged;
  return { ...zone, isWithdrawn, isDeleted: true, serial, digest };
}

function currentState(row: DueRow, isReached: boolean): DueZone {
  return {
    zoneId: Number(row.id),
    name: row.name,
    seq: Number(row.changeSeq),
    serial: Number(row.serial),
    digest: row.digest,
    updatedAt: Number(row.updatedAt),
    recordCount: Number(row.recordCount),
    isDeleted: row.deletedAt !== null,
    isReached,
    isWithdrawn: false,
    isForced: Boolean(row.isForced),
    originMemberId: row.originMemberId === null ? null : Number(row.originMemberId),
    // A voided acknowledgement (ackSeq 0) still tells that the zone was there once, so that its deletion is sent.
    acknowledged:
      row.ackSerial === null
        ? null
        : { seq: Number(row.ackSeq), serial: Number(row.ackSerial), digest: row.ackDigest ?? "" },
    wasSent: row.ackSeq !== null,
    failedSeq: row.failedSeq === null ? null : Number(row.failedSeq),
    failedKind: row.errorKind as DueZone["failedKind"],
    attempts: Number(row.attempts ?? 0),
  };
}
