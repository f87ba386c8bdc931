import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { UserActor } from "@/lib/access/actor";
import { type TestContext, testContext } from "@/lib/db/testing/test-context";
import { writeSettings } from "@/lib/settings/settings";
import { listNotices } from "../queries";
import { noticeListQuery } from "../schemas";
import { tellDrift } from "./drift";

const MINUTE = 60_000;

describe.each(["sqlite", "postgresql"] as const)("drift on %s", (provider) => {
  let ctx: TestContext;
  let north: UserActor;
  let now = 1_763_650_000_000;
  const targets = new Map<string, number>();

  beforeAll(async () => {
    ctx = await testContext(provider, { clock: { now: () => now, monotonic: () => now } });
    north = await ctx.addReseller("north", ["clustering"]);
    await ctx.db.transaction((tx) => writeSettings(tx, "cluster", { isEnabled: true }));
    const { client } = ctx.db;
    targets.set("local", (await client.target.create({ data: { createdAt: 0n } })).id);
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
      data: Array.from({ length: 8 }, (_, index) => ({
        ...{
          id: index + 1,
          name: `z${index + 1}.example.`,
          ownerId: index < 2 ? north.userId : ctx.root.userId,
          ...zone,
        },
      })),
    });
  });
  afterAll(() => ctx.close());

  /** What is wrong at a target; everything else there is right. */
  async function observe(
    name: string,
    problems: readonly [zoneId: number, problem: string][],
    minutes = 3,
  ): Promise<void> {
    const targetId = targets.get(name) ?? 0;
    await ctx.db.client.zoneTarget.deleteMany({ where: { targetId } });
    const at = { problemSince: BigInt(now), observedAt: BigInt(now), observedDetail: "REFUSED" };
    await ctx.db.client.zoneTarget.createMany({
      data: problems.map(([zoneId, problem]) => ({ zoneId, targetId, ackSeq: 1n, problem, ...at })),
    });
    now += minutes * MINUTE;
    await tellDrift(ctx);
    await tellDrift(ctx);
  }

  const told = async (actor: UserActor = ctx.root) => {
    const { rows } = await listNotices(ctx, actor, noticeListQuery.parse({}));
    return rows.map(({ subject, isOpen }) => `${subject}${isOpen ? ", goes on" : ""}`).reverse();
  };
  const forget = async () => {
    await ctx.db.client.noticeDelivery.deleteMany();
    await ctx.db.client.notice.deleteMany();
  };

  it("is told once a member, after a grace, with the first zones by name, and its end", async () => {
    await observe("ns1.example.com", [[3, "lame"]], 1);
    expect(await told()).toEqual([]);
    const many = [3, 4, 5, 6, 7, 8].map((id): [number, string] => [id, id === 4 ? "old-serial" : "content"]);
    await observe("ns1.example.com", many);
    expect(await told()).toEqual(["ns1.example.com: 6 zones served otherwise than acknowledged, goes on"]);
    const { facts } = await ctx.db.client.notice.findFirstOrThrow();
    expect(JSON.parse(facts)).toMatchObject({ zones: 6, since: now - 3 * MINUTE, lookedAt: now - 3 * MINUTE });
    expect(JSON.parse(facts).first).toHaveLength(5);
    expect(JSON.parse(facts).first[1]).toEqual({ zone: "z4.example.", cause: "old serial: REFUSED" });
    await observe("ns1.example.com", [[4, "missing"]], 0);
    expect(await told()).toHaveLength(1);
    await observe("ns1.example.com", []);
    expect(await told()).toEqual([
      "ns1.example.com: 6 zones served otherwise than acknowledged",
      "ns1.example.com serves what it acknowledged",
    ]);
    await forget();
  });

  it("of a silent nameserver, unless the member is out of reach as a whole, which has its own notice", async () => {
    const member = { hostname: "ns1.example.com" };
    await ctx.db.client.member.updateMany({ where: member, data: { failures: 3 } });
    await observe("ns1.example.com", [[3, "unreachable"]]);
    expect(await told()).toEqual([]);
    await ctx.db.client.member.updateMany({ where: member, data: { failures: 0 } });
    await tellDrift(ctx);
    expect(await told()).toEqual(["ns1.example.com: 1 zone served otherwise than acknowledged, goes on"]);
    // Disabled meanwhile: it is neither mended nor told again.
    await ctx.db.client.member.updateMany({ where: member, data: { disabledAt: BigInt(now) } });
    await observe("ns1.example.com", []);
    expect(await told()).toHaveLength(1);
    await ctx.db.client.member.updateMany({ where: member, data: { disabledAt: null } });
    await tellDrift(ctx);
    expect(await told()).toHaveLength(2);
    await observe("local", [[3, "unreachable"]]);
    expect(await told()).toHaveLength(2);
    await observe("local", [[3, "extra"]]);
    expect((await told()).at(-1)).toBe("This server: 1 zone served otherwise than acknowledged, goes on");
    await observe("local", []);
    await forget();
  });

  it("to a reseller about its own members, and of them its own zones", async () => {
    await observe("ns1.example.com", [[1, "lame"]]);
    await observe("ns.north.example", [
      [1, "lame"],
      [3, "extra"],
    ]);
    expect(await told(north)).toEqual(["ns.north.example: 1 zone served otherwise than acknowledged, goes on"]);
    expect(await told()).toContain("ns1.example.com: 1 zone served otherwise than acknowledged, goes on");
    const notice = await ctx.db.client.notice.findFirstOrThrow({ where: { ownerId: north.userId } });
    expect(notice.facts).not.toContain("z3.example");
  });

  it("ends untold where nothing is sent any more", async () => {
    await ctx.db.client.zoneTarget.deleteMany();
    await ctx.db.client.target.deleteMany({ where: { memberId: { not: null } } });
    await tellDrift(ctx);
    expect((await told(north)).map((line) => line.includes("goes on"))).toEqual([false]);
  });
});
