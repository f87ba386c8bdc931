import type { Actor } from "@/lib/access/actor";
import { authorize } from "@/lib/access/authorize";
import type { Context } from "@/lib/context";
import { join, type Queryable, sql } from "@/lib/db/database";
import { findZones, ROWS } from "./zone-row";

/**
 * Voids what a target acknowledged of zones and makes them due at once: the engine sends them as it sends everything, whoever they came from.
 * @param options.isForced also where the target says that it holds them as they are
 */
export async function makeDue(
  tx: Queryable,
  targetId: number,
  zones: readonly { readonly id: number; readonly seq: number }[],
  { now, isForced }: { now: number; isForced: boolean },
): Promise<void> {
  for (let at = 0; at < zones.length; at += ROWS) {
    const rows = zones
      .slice(at, at + ROWS)
      .map(({ id, seq }) => sql`(${id}, ${targetId}, 0, 0, ${seq}, 0, ${now}, ${"Asked for."}, ${isForced})`);
    await tx.$executeRaw(sql`
      INSERT INTO "ZoneTarget" ("zoneId", "targetId", "ackSeq", "verifyAttempts", "failedSeq", "attempts", "retryAt", "error", "isForced") VALUES ${join(rows)}
      ON CONFLICT ("zoneId", "targetId") DO UPDATE SET "ackSeq" = 0, "verifySeq" = NULL, "verifyAt" = NULL, "failedSeq" = excluded."failedSeq",
        "attempts" = 0, "retryAt" = excluded."retryAt", "errorKind" = NULL, "error" = excluded."error", "isForced" = excluded."isForced"`);
  }
}

/**
 * A member saw this server's nameserver serve zones otherwise than it says that it holds them: they are loaded once more.
 * @returns how many; zones of others are passed over
 * @throws AppError "forbidden"
 */
export async function loadAgain(ctx: Context, actor: Actor, names: readonly string[]): Promise<number> {
  const { ownerId } = authorize(actor, "cluster.member");
  const count = await ctx.db.transaction(async (tx) => {
    const target = await tx.target.findFirst({ where: { memberId: null } });
    if (!target) return 0;
    const zones = [...(await findZones(tx, names)).values()].filter(
      (zone) => ownerId === null || zone.ownerId === ownerId,
    );
    await makeDue(tx, target.id, zones, { now: ctx.clock.now(), isForced: true });
    return zones.length;
  });
  if (count > 0) ctx.wake();
  return count;
}
