import type { Actor } from "@/lib/access/actor";
import { authorize } from "@/lib/access/authorize";
import type { Context } from "@/lib/context";
import { sql } from "@/lib/db/database";
import { targetReaches, targetsFor } from "@/lib/members/reach";
import { readableZone } from "@/lib/zones/queries";
import { type PairView, readPairs } from "./pairs";
import { proofTargets } from "./targets";

/**
 * One zone at every target that it is to be at, in the order in which receipts name them. Root sees as well where else it is answered.
 * @throws AppError "not-found"
 */
export async function zoneProof(ctx: Context, actor: Actor, name: string): Promise<PairView[]> {
  const { ownerId } = authorize(actor, "zone.read");
  const zone = await readableZone(ctx, actor, name);
  const db = ctx.db.client;
  const [targets, reaches, extra] = await Promise.all([
    proofTargets(db, ownerId),
    targetReaches(db, true),
    db.$queryRaw<{ targetId: number | bigint }[]>(
      sql`SELECT zt."targetId" FROM "ZoneTarget" zt WHERE zt."zoneId" = ${zone.id} AND zt."problem" = 'extra'`,
    ),
  ]);
  const wanted = new Set([...targetsFor(reaches, zone.ownerId), ...extra.map(({ targetId }) => Number(targetId))]);
  const keys = targets
    .filter(({ targetId }) => wanted.has(targetId))
    .map(({ targetId }) => ({ zoneId: zone.id, targetId }));
  return readPairs(db, targets, keys);
}
