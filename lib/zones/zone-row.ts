import type { Queryable } from "@/lib/db/database";
import type { Zone as Row } from "@/prisma/generated/sqlite/client";

/** A zone as its row says, in numbers that JavaScript calculates with. */
export interface StoredZone {
  readonly id: number;
  /** Absolute, lower case, A-labels, final dot. */
  readonly name: string;
  readonly ownerId: number;
  /** Position of the current revision, or of the deletion, in the change sequence. */
  readonly seq: number;
  readonly serial: number;
  readonly digest: string;
  readonly recordCount: number;
  /** Epoch milliseconds, as are the other instants. */
  readonly updatedAt: number;
  readonly createdAt: number;
  readonly deletedAt: number | null;
  readonly purgedAt: number | null;
  readonly originMemberId: number | null;
}

export function storedZone(row: Row): StoredZone {
  return {
    id: row.id,
    name: row.name,
    ownerId: row.ownerId,
    seq: Number(row.changeSeq),
    serial: Number(row.serial),
    digest: row.digest,
    recordCount: row.recordCount,
    updatedAt: Number(row.updatedAt),
    createdAt: Number(row.createdAt),
    deletedAt: row.deletedAt === null ? null : Number(row.deletedAt),
    purgedAt: row.purgedAt === null ? null : Number(row.purgedAt),
    originMemberId: row.originMemberId,
  };
}

/** The zone of that name, also one in the recycle bin; null when there never was one. */
export async function findZone(db: Queryable, name: string): Promise<StoredZone | null> {
  const row = await db.zone.findUnique({ where: { name } });
  return row && storedZone(row);
}
