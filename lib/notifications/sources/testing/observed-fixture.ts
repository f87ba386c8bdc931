import type { UserActor } from "@/lib/access/actor";
import type { Provider } from "@/lib/db/database";
import { type TestContext, testContext } from "@/lib/db/testing/test-context";
import { writeSettings } from "@/lib/settings/settings";
import { listNotices } from "../../queries";
import { noticeListQuery } from "../../schemas";

const MINUTE = 60_000;

export type ObservedFixture = Awaited<ReturnType<typeof observedFixture>>;

/**
 * A panel with a local nameserver, a member of root's (ns1.example.com) and one of the reseller north's (ns.north.example), and the zones z1 to z8, of which the
 * first two are north's.
 * @param tell looks at what was observed; it is called twice each time, as what is told once stays told
 */
export async function observedFixture(provider: Provider, tell: (ctx: TestContext) => Promise<void>) {
  let now = 1_763_650_000_000;
  const ctx = await testContext(provider, { clock: { now: () => now, monotonic: () => now } });
  const north = await ctx.addReseller("north", ["clustering"]);
  await ctx.db.transaction((tx) => writeSettings(tx, "cluster", { isEnabled: true }));
  const { client } = ctx.db;
  const targets = new Map([["local", (await client.target.create({ data: { createdAt: 0n } })).id]]);
  for (const [hostname, ownerId] of [
    ["ns1.example.com", ctx.root.userId],
    ["ns.north.example", north.userId],
  ] as const) {
    const { id: memberId } = await client.member.create({
      data: {
        ...{ ownerId, hostname, address: "192.0.2.9", username: "root", backend: "whm", role: "sync" },
        ...{ sealedCredential: "", createdAt: 0n },
      },
    });
    targets.set(hostname, (await client.target.create({ data: { memberId, createdAt: 0n } })).id);
  }
  const zone = { changeSeq: 1n, serial: 5n, digest: "d", recordCount: 1, updatedAt: 0n, createdAt: 0n };
  await client.zone.createMany({
    data: Array.from({ length: 8 }, (_, index) => {
      const id = index + 1;
      return { ...zone, id, name: `z${id}.example.`, ownerId: index < 2 ? north.userId : ctx.root.userId };
    }),
  });

  const look = async () => {
    await tell(ctx);
    await tell(ctx);
  };
  return {
    ctx,
    north,
    look,
    now: () => now,
    /** What is wrong at a target for so many minutes; everything else there is right. */
    async observe(name: string, problems: readonly [zoneId: number, problem: string][], minutes = 3): Promise<void> {
      const targetId = targets.get(name) ?? 0;
      await client.zoneTarget.deleteMany({ where: { targetId } });
      const at = { problemSince: BigInt(now), observedAt: BigInt(now), observedDetail: "REFUSED" };
      await client.zoneTarget.createMany({
        data: problems.map(([zoneId, problem]) => ({ zoneId, targetId, ackSeq: 1n, problem, ...at })),
      });
      now += minutes * MINUTE;
      await look();
    },
    async told(actor: UserActor = ctx.root): Promise<string[]> {
      const { rows } = await listNotices(ctx, actor, noticeListQuery.parse({}));
      return rows.map(({ subject, isOpen }) => `${subject}${isOpen ? ", goes on" : ""}`).reverse();
    },
    async forget(): Promise<void> {
      await client.noticeDelivery.deleteMany();
      await client.notice.deleteMany();
    },
  };
}
