import type { Queryable } from "@/lib/db/database";
import { findZones, type StoredZone } from "@/lib/zones/zone-row";
import type { Orphan } from "@/prisma/generated/sqlite/client";

/** An orphan as its row says. */
export type OrphanRow = Orphan;

/**
 * What is or was here of these names, as far as whoever has a member may know it: for a reseller's, what is another account's is as if it were not here.
 * @param memberOwnerId whose member it is that holds copies of these names
 */
export async function ownedHere(
  db: Queryable,
  memberOwnerId: number,
  names: readonly string[],
): Promise<Map<string, StoredZone>> {
  const found = await findZones(db, names);
  const owner = await db.user.findUnique({ where: { id: memberOwnerId }, select: { role: true } });
  if (owner?.role !== "reseller") return found;
  return new Map([...found].filter(([, zone]) => zone.ownerId === memberOwnerId));
}
