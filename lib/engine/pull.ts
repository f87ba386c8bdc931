import { engineActor } from "@/lib/access/actor";
import type { Context } from "@/lib/context";
import { compareCopies } from "@/lib/dns/newest";
import type { Driver, RemoteZone } from "@/lib/drivers/driver";
import { readReaches } from "@/lib/members/reach";
import { type Reach, reaches } from "@/lib/sync/reach";
import { receiveZones } from "@/lib/zones/receive";
import { fetchInParts } from "./fetch-in-parts";

/**
 * Takes newer copies in from a member (Standalone, Synchronize). Only of zones that are on this server, and of the accounts that the
 * member's cluster is about: one that only the member holds stays there, so
 * that a nameserver's zones do not end up on a web server.
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
  let asked = 0;
  for await (const page of driver.list(signal)) {
    const wanted = await newerThere(ctx, page, reach.accepts);
    for (let at = 0; at < wanted.length; at += driver.capabilities.batchSize) {
      const names = wanted.slice(at, at + driver.capabilities.batchSize);
      for await (const items of fetchInParts(driver, names, signal))
        if (items.length > 0) await receiveZones(ctx, engineActor, { items, mode: "newest", originMemberId: memberId });
      asked += names.length;
    }
  }
  return asked;
}

/** Which zones of a page may be newer at the member. One that does not tell serial and digest has to be fetched to know. */
async function newerThere(ctx: Context, page: readonly RemoteZone[], accepts: Reach): Promise<string[]> {
  const remote = new Map(page.map((zone) => [zone.name, zone]));
  const rows = await ctx.db.client.zone.findMany({
    where: { name: { in: [...remote.keys()] }, deletedAt: null },
    select: { name: true, ownerId: true, serial: true, digest: true, updatedAt: true },
  });
  return rows.flatMap((row) => {
    if (!reaches(accepts, row.ownerId)) return [];
    const { serial, digest, updatedAt = 0 } = remote.get(row.name) ?? {};
    if (serial === undefined || digest === undefined) return [row.name];
    const ours = { serial: Number(row.serial), digest: row.digest, updatedAt: Number(row.updatedAt) };
    return compareCopies({ serial, digest, updatedAt }, ours) === 1 ? [row.name] : [];
  });
}
