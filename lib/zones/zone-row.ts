import { join, type RawQueryable, sql } from "@/lib/db/database";
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
  /** From this position on its owner reads the history. */
  readonly ownedSinceSeq: number;
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
    ownedSinceSeq: Number(row.ownedSinceSeq),
  };
}

/** The zone of that name, also one in the recycle bin; null when there never was one. */
export async function findZone(db: RawQueryable, name: string): Promise<StoredZone | null> {
  return (await findZones(db, [name])).get(name) ?? null;
}

/** Rows in one statement: SQLite takes 32,766 parameters, and holds up the event loop while it runs one. */
export const ROWS = 200;

/** The zones of those names that are or were here, also those in the recycle bin. */
export async function findZones(db: RawQueryable, names: readonly string[]): Promise<Map<string, StoredZone>> {
  const found = new Map<string, StoredZone>();
  for (let at = 0; at < names.length; at += ROWS) {
    const rows = await db.$queryRaw<Row[]>(sql`
      SELECT "id", "name", "ownerId", "changeSeq", "serial", "digest", "recordCount", "updatedAt", "createdAt", "deletedAt", "purgedAt", "originMemberId", "ownedSinceSeq"
      FROM "Zone" WHERE "name" IN (${join(names.slice(at, at + ROWS))})`);
    for (const row of rows) found.set(row.name, storedZone(row));
  }
  return found;
}
