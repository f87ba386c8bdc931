import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { UserActor } from "@/lib/access/actor";
import { type TestContext, testContext } from "@/lib/db/testing/test-context";
import { writeSettings } from "@/lib/settings/settings";
import { createZone, deleteZone } from "@/lib/zones/service";
import { checkProof, proofCheckInput } from "./check";

const TEXT =
  "@ 300 IN SOA ns1.example.net. hostmaster.example.net. 1 3600 600 604800 300\n@ 300 IN NS ns1.example.net.\n";

describe.each(["sqlite", "postgresql"] as const)("Check again on %s", (provider) => {
  let ctx: TestContext;
  let north: UserActor;
  let south: UserActor;
  let now = 1_763_650_000_000;
  let woken = 0;
  const members = new Map<string, { memberId: number; targetId: number }>();

  beforeAll(async () => {
    ctx = await testContext(provider, { clock: { now: () => now, monotonic: () => now }, wake: () => woken++ });
    [north, south] = [
      await ctx.addReseller("north", ["clustering"]),
      await ctx.addReseller("south", ["clustering", "edit-dns"]),
    ];
    await ctx.db.transaction((tx) => writeSettings(tx, "cluster", { isEnabled: true }));
    const { client } = ctx.db;
    await client.target.create({ data: { createdAt: 0n } });
    for (const [name, owner] of Object.entries({ root: ctx.root, north })) {
      const { id: memberId } = await client.member.create({
        data: {
          ...{
            ownerId: owner.userId,
            hostname: `ns.${name}.example`,
            address: "192.0.2.9",
            username: "root",
            backend: "whm",
          },
          ...{ role: "sync", sealedCredential: "", createdAt: 0n },
        },
      });
      const { id: targetId } = await client.target.create({ data: { memberId, createdAt: 0n } });
      members.set(name, { memberId, targetId });
    }
    for (const name of ["one.example.", "two.example.", "gone.example."])
      await createZone(ctx, ctx.root, { name, text: TEXT });
    const north1 = await createZone(ctx, ctx.root, { name: "north.example.", text: TEXT });
    await client.zone.updateMany({ where: { name: north1.name }, data: { ownerId: north.userId } });
    await deleteZone(ctx, ctx.root, { name: "gone.example." });
  });
  afterAll(() => ctx.close());
  beforeEach(async () => {
    now += 3_600_000;
    const { client } = ctx.db;
    await client.zoneTarget.deleteMany();
    await client.contentCheck.deleteMany();
    await client.target.updateMany({
      data: { sweepZoneId: 9, sweepBeganAt: 1n, sweepEndedAt: 2n, isSweepHurried: false },
    });
    const [zones, targets] = [await client.zone.findMany(), await client.target.findMany()];
    await client.zoneTarget.createMany({
      data: zones.flatMap(({ id: zoneId, changeSeq: ackSeq, digest, deletedAt }) =>
        targets.map(({ id: targetId }) => ({
          ...{ zoneId, targetId, ackSeq, ackSerial: 1n, ackDigest: deletedAt === null ? digest : "", ackAt: 0n },
          ...{ observedState: "served", observedAt: BigInt(now - 60_000) },
        })),
      ),
    });
  });

  const due = async () => {
    const names = new Map((await ctx.db.client.zone.findMany()).map(({ id, name }) => [id, name]));
    const rows = await ctx.db.client.zoneTarget.findMany({ where: { verifyAt: BigInt(now) } });
    return rows.map(({ zoneId, targetId }) => `${names.get(zoneId)} ${targetId}`).sort();
  };
  const contents = () => ctx.db.client.contentCheck.count({ where: { dueAt: BigInt(now) } });
  const hurried = async () =>
    (await ctx.db.client.target.findMany({ where: { isSweepHurried: true } })).map(({ id }) => id);

  it("of a zone looks at all its targets, and wakes the engine", async () => {
    const before = woken;
    await checkProof(ctx, ctx.root, { zone: "one.example." });
    expect(await due()).toEqual(["one.example. 1", "one.example. 2"]);
    expect([await contents(), woken - before]).toEqual([2, 1]);
  });

  it("of a deleted zone looks whether it is gone, and compares nothing", async () => {
    await checkProof(ctx, ctx.root, { zone: "gone.example." });
    expect(await due()).toEqual(["gone.example. 1", "gone.example. 2", "gone.example. 3"]);
    expect(await contents()).toBe(0);
  });

  it("of one pair looks at that, and of what was looked at this moment at nothing", async () => {
    const { memberId = 0, targetId } = members.get("root") ?? {};
    await ctx.db.client.zoneTarget.updateMany({ data: { observedAt: BigInt(now), contentAt: BigInt(now) } });
    await checkProof(ctx, ctx.root, { zone: "one.example.", memberId });
    expect([await due(), await contents()]).toEqual([[], 0]);
    now += 3_000;
    await checkProof(ctx, ctx.root, { zone: "one.example.", memberId });
    expect(await due()).toEqual([`one.example. ${targetId}`]);
  });

  it("of a member begins a round at once, and looks at what differed before it", async () => {
    const { memberId = 0, targetId = 0 } = members.get("root") ?? {};
    const zone = await ctx.db.client.zone.findUniqueOrThrow({ where: { name: "two.example." } });
    await ctx.db.client.zoneTarget.updateMany({
      where: { zoneId: zone.id },
      data: { problem: "lame", problemSince: 1n },
    });
    await ctx.db.client.contentCheck.create({ data: { zoneId: zone.id, targetId, dueAt: BigInt(now + 60_000) } });
    await checkProof(ctx, ctx.root, { memberId });
    expect([await hurried(), await due(), await contents()]).toEqual([[targetId], [`two.example. ${targetId}`], 1]);
    await ctx.db.client.target.updateMany({
      data: { isSweepHurried: false, sweepBeganAt: BigInt(now), sweepEndedAt: BigInt(now) },
    });
    await checkProof(ctx, ctx.root, { memberId });
    expect(await hurried()).toEqual([]);
    now += 31_000;
    await checkProof(ctx, ctx.root, { memberId: null });
    expect(await hurried()).toEqual([1]);
  });

  it("is a reseller's for what is its own only", async () => {
    const ours = members.get("north")?.memberId ?? 0;
    await checkProof(ctx, north, { zone: "north.example." });
    expect((await due()).every((line) => line.startsWith("north.example."))).toBe(true);
    await checkProof(ctx, north, { memberId: ours });
    const rootMember = members.get("root")?.memberId ?? 0;
    for (const [actor, input] of [
      [north, { zone: "one.example." }],
      [north, { zone: "north.example.", memberId: rootMember }],
      [north, { memberId: rootMember }],
      [south, { zone: "north.example." }],
      [south, { memberId: ours }],
      [ctx.root, { zone: "nowhere.example." }],
    ] as const)
      await expect(checkProof(ctx, actor, input)).rejects.toMatchObject({ code: "not-found" });
    await expect(checkProof(ctx, north, { memberId: null })).rejects.toMatchObject({ code: "forbidden" });
  });

  it("leaves a held member alone, and says so where it was meant", async () => {
    const { memberId = 0 } = members.get("root") ?? {};
    await ctx.db.client.member.update({ where: { id: memberId }, data: { disabledAt: 1n } });
    await checkProof(ctx, ctx.root, { zone: "one.example." });
    expect(await due()).toEqual(["one.example. 1"]);
    await expect(checkProof(ctx, ctx.root, { memberId })).rejects.toMatchObject({ code: "conflict" });
    await ctx.db.client.member.update({ where: { id: memberId }, data: { disabledAt: null } });
  });
});

it("takes what a button sends", () => {
  expect(proofCheckInput.parse({ zone: "Example.COM", memberId: null })).toEqual({
    zone: "example.com.",
    memberId: null,
  });
  expect(proofCheckInput.safeParse({}).success).toBe(false);
});
