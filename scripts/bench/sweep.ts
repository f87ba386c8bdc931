import { setMaxListeners } from "node:events";
import { testContext } from "@/lib/db/testing/test-context";
import type { DnsAddress } from "@/lib/drivers/driver";
import { createAddressWatch } from "@/lib/engine/proof/address-watch";
import { sweepChore } from "@/lib/engine/proof/sweep";
import { createTargetAddresses } from "@/lib/engine/proof/target-addresses";
import { writeSettings } from "@/lib/settings/settings";
import type { BenchZone } from "./zones";

const MEMBERS = 5;
/** What is promised: all zones of all members within the interval. */
const INTERVAL_MS = 15 * 60_000;
const PROMISED_PAIRS = 50_000;
const ROWS = 500;

/**
 * The share of one core that looking at 10,000 zones at five members within a quarter of an hour takes, from rounds without pauses over `zones`: questions,
 * answers, and what is stored of them. The second round counts, in which everything is as it was before.
 * @param address of a nameserver that has the zones; it stands for the members
 */
export async function sweepShare(address: DnsAddress, zones: readonly BenchZone[]): Promise<number> {
  const ctx = await testContext("sqlite");
  try {
    await addPairs(ctx, address, zones);
    const { signal } = new AbortController();
    setMaxListeners(0, signal);
    const sweep = sweepChore(ctx, () => null, createAddressWatch(ctx.clock.now), createTargetAddresses(ctx));
    const round = async () => {
      await ctx.db.client.target.updateMany({ data: { sweepZoneId: 0, sweepBeganAt: null, isSweepHurried: true } });
      const isDone = async () => (await ctx.db.client.target.count({ where: { isSweepHurried: true } })) === 0;
      while (!(await isDone())) await sweep.run(signal);
    };
    await round();
    const before = process.cpuUsage();
    await round();
    const { user, system } = process.cpuUsage(before);
    const served = await ctx.db.client.zoneTarget.count({ where: { observedState: "served" } });
    if (served !== zones.length * MEMBERS) throw new Error(`Only ${served} zones were seen served.`);
    const perPair = (user + system) / 1_000 / served;
    return (perPair * PROMISED_PAIRS) / INTERVAL_MS;
  } finally {
    await ctx.close();
  }
}

async function addPairs(
  ctx: Awaited<ReturnType<typeof testContext>>,
  address: DnsAddress,
  zones: readonly BenchZone[],
): Promise<void> {
  const { client } = ctx.db;
  await ctx.db.transaction((tx) => writeSettings(tx, "cluster", { isEnabled: true }));
  const targetIds: number[] = [];
  for (let index = 0; index < MEMBERS; index++) {
    const endpoint = { hostname: `ns${index}.example.net`, address: "192.0.2.1", username: "root", backend: "whm" };
    const { id: memberId } = await client.member.create({
      data: {
        ...{ ownerId: ctx.root.userId, ...endpoint, role: "sync", sealedCredential: "", createdAt: 0n },
        dnsAddresses: JSON.stringify([address]),
      },
    });
    targetIds.push((await client.target.create({ data: { memberId, createdAt: 0n } })).id);
  }
  for (let at = 0; at < zones.length; at += ROWS) {
    const part = zones.slice(at, at + ROWS).map((zone, index) => ({ ...zone, id: at + index + 1 }));
    const made = { ownerId: ctx.root.userId, digest: "d", recordCount: 20, updatedAt: 0n, createdAt: 0n };
    await client.zone.createMany({
      data: part.map(({ id, name, serial }) => ({ id, name, changeSeq: BigInt(id), serial: BigInt(serial), ...made })),
    });
    for (const targetId of targetIds)
      await client.zoneTarget.createMany({
        data: part.map(({ id, serial }) => ({
          ...{ zoneId: id, targetId, ackSeq: BigInt(id), ackSerial: BigInt(serial), ackDigest: "d", ackAt: 0n },
        })),
      });
  }
}
