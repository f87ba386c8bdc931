import { type RawQueryable, sql } from "@/lib/db/database";
import { AppError } from "@/lib/errors";

/** How many more zones an account may have. */
export interface ZoneRoom {
  readonly ownerId: number;
  readonly username: string;
  /** The limit that root set; null: none. */
  readonly limit: number | null;
  /** Zones that may still be added; Infinity without a limit. Negative when the limit was set below what was there. */
  readonly left: number;
}

/**
 * Reads it in the transaction that adds, after its lock on the change sequence: two that add at once do not both take the last place.
 * Zones in the recycle bin do not count.
 */
export async function zoneRoom(tx: RawQueryable, ownerId: number): Promise<ZoneRoom> {
  const [user] = await tx.$queryRaw<{ username: string; zoneLimit: number | null }[]>(
    sql`SELECT "username", "zoneLimit" FROM "User" WHERE "id" = ${ownerId}`,
  );
  const limit = user?.zoneLimit ?? null;
  const used = limit === null ? 0 : await countZones(tx, ownerId);
  return {
    ownerId,
    username: user?.username ?? "",
    limit,
    left: limit === null ? Number.POSITIVE_INFINITY : limit - used,
  };
}

async function countZones(tx: RawQueryable, ownerId: number): Promise<number> {
  const [row] = await tx.$queryRaw<{ count: number | bigint }[]>(
    sql`SELECT COUNT(*) AS "count" FROM "Zone" WHERE "ownerId" = ${ownerId} AND "deletedAt" IS NULL`,
  );
  return Number(row?.count ?? 0);
}

/** In words for the account itself, for root, and for members that push. */
export function zoneLimitMessage({ username, limit }: ZoneRoom): string {
  return `${username} may have at most ${limit} ${limit === 1 ? "zone" : "zones"} on this server. Delete one, or ask root to raise the limit.`;
}

/** @throws AppError "conflict" when `wanted` more zones are too many */
export async function assertZoneRoom(tx: RawQueryable, ownerId: number, wanted = 1): Promise<void> {
  const room = await zoneRoom(tx, ownerId);
  if (room.left < wanted) throw new AppError("conflict", zoneLimitMessage(room));
}
