import type { Queryable } from "@/lib/db/database";
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
export async function zoneRoom(tx: Queryable, ownerId: number): Promise<ZoneRoom> {
  const user = await tx.user.findUnique({ where: { id: ownerId }, select: { username: true, zoneLimit: true } });
  const limit = user?.zoneLimit ?? null;
  const used = limit === null ? 0 : await tx.zone.count({ where: { ownerId, deletedAt: null } });
  return {
    ownerId,
    username: user?.username ?? "",
    limit,
    left: limit === null ? Number.POSITIVE_INFINITY : limit - used,
  };
}

/** In words for the account itself, for root, and for members that push. */
export function zoneLimitMessage({ username, limit }: ZoneRoom): string {
  return `${username} may have at most ${limit} ${limit === 1 ? "zone" : "zones"} on this server. Delete one, or ask root to raise the limit.`;
}

/** @throws AppError "conflict" when `wanted` more zones are too many */
export async function assertZoneRoom(tx: Queryable, ownerId: number, wanted = 1): Promise<void> {
  const room = await zoneRoom(tx, ownerId);
  if (room.left < wanted) throw new AppError("conflict", zoneLimitMessage(room));
}
