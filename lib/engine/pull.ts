import { engineActor } from "@/lib/access/actor";
import type { Context } from "@/lib/context";
import { sql } from "@/lib/db/database";
import { compareCopies } from "@/lib/dns/newest";
import type { Driver, RemoteZone } from "@/lib/drivers/driver";
import { readReaches } from "@/lib/members/reach";
import { hasLostZones } from "@/lib/sync/plan-marks";
import { type Reach, reaches } from "@/lib/sync/reach";
import { holdCopies } from "@/lib/sync-jobs/hold-copies";
import { receiveZones } from "@/lib/zones/receive";
import { fetchInParts } from "./fetch-in-parts";

/**
 * Takes newer copies in from a member (Standalone, Synchronize). Only of zones that are on this server, and of the accounts that the
 * member's cluster is about: one that only the member holds stays there, so
 * that a nameserver's zones do not end up on a web server. A copy that would do harm waits for somebody's yes (lib/sync-jobs/hold-copies).
 * @returns how many zones were asked for
 * @throws DriverError
 */
export async function pullFromMember(
  ctx: Context,
  memberId: number,
  driver: Driver,
  signal: AbortSignal,
): Promise<number> {
  if (!driver.capabilities.read.supported) return 0;
  const reach = (await readReaches(ctx.db.client, memberId)).get(memberId);
  if (!reach?.receives) return 0;
  const wanted: string[] = [];
  let listed = 0;
  for await (const page of driver.list(signal)) {
    const found = await newerThere(ctx, page, reach.accepts);
    wanted.push(...found.newer);
    listed += found.known;
  }
  if (wanted.length === 0) return 0;
  // How many zones it has left is known at the end of its list only, and decides what becomes of each of them.
  const hold = holdCopies(ctx, memberId, { isLossy: hasLostZones(await knownZones(ctx, memberId), listed) });
  for (let at = 0; at < wanted.length; at += driver.capabilities.batchSize) {
    const names = wanted.slice(at, at + driver.capabilities.batchSize);
    for await (const items of fetchInParts(driver, names, signal))
      if (items.length > 0)
        await receiveZones(ctx, engineActor, { items, mode: "newest", originMemberId: memberId, hold });
  }
  return wanted.length;
}

/** Zones of this server that the member is known to have had: those that it acknowledged, or that are here as they came from it. */
async function knownZones(ctx: Context, memberId: number): Promise<number> {
  const [row] = await ctx.db.client.$queryRaw<Record<"acknowledged" | "received", number | bigint>[]>(sql`
    SELECT (SELECT count(*) FROM "ZoneTarget" t JOIN "Target" g ON g."id" = t."targetId" JOIN "Zone" z ON z."id" = t."zoneId"
        WHERE g."memberId" = ${memberId} AND z."deletedAt" IS NULL AND t."ackSerial" IS NOT NULL AND t."ackDigest" <> '') AS "acknowledged",
      (SELECT count(*) FROM "Zone" WHERE "originMemberId" = ${memberId} AND "deletedAt" IS NULL) AS "received"`);
  return Math.max(Number(row?.acknowledged ?? 0), Number(row?.received ?? 0));
}

/** Which zones of a page may be newer at the member. One that does not tell serial and digest has to be fetched to know. */
async function newerThere(
  ctx: Context,
  page: readonly RemoteZone[],
  accepts: Reach,
): Promise<{ newer: string[]; known: number }> {
  const remote = new Map(page.map((zone) => [zone.name, zone]));
  const rows = await ctx.db.client.zone.findMany({
    where: { name: { in: [...remote.keys()] }, deletedAt: null },
    select: { name: true, ownerId: true, serial: true, digest: true, updatedAt: true },
  });
  const newer = rows.flatMap((row) => {
    if (!reaches(accepts, row.ownerId)) return [];
    const { serial, digest, updatedAt = 0 } = remote.get(row.name) ?? {};
    if (serial === undefined || digest === undefined) return [row.name];
    const ours = { serial: Number(row.serial), digest: row.digest, updatedAt: Number(row.updatedAt) };
    return compareCopies({ serial, digest, updatedAt }, ours) === 1 ? [row.name] : [];
  });
  return { newer, known: rows.length };
}
