import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { UserActor } from "@/lib/access/actor";
import { type TestContext, testContext } from "@/lib/db/testing/test-context";
import { getMember } from "@/lib/members/queries";
import { findPlaces } from "@/lib/search/find-places";
import { writeSettings } from "@/lib/settings/settings";
import { receiveZones } from "@/lib/zones/receive";
import { createZone, deleteZone } from "@/lib/zones/service";
import { getOverview } from "./overview";

const TEXT = `$TTL 3600
@ SOA ns1.example.net. hostmaster.example.net. 1 7200 3600 1209600 3600
@ NS ns1.example.net.
`;

describe.each(["sqlite", "postgresql"] as const)("the first page on %s", (provider) => {
  let ctx: TestContext;
  let studio: UserActor;
  let local: number;
  beforeAll(async () => {
    ctx = await testContext(provider);
    studio = await ctx.addReseller("studio");
    local = (await ctx.db.client.target.create({ data: { createdAt: 0n } })).id;
    for (const name of ["one.example.", "two.example.", "xn--bcher-kva.example.", "50%_off!.example."])
      await createZone(ctx, ctx.root, { name: name.replace(/[%!]/g, "-x"), text: TEXT, reason: "set up" });
    await createZone(ctx, ctx.root, { name: "shop.two.example.", text: TEXT, ownerId: studio.userId });
    await deleteZone(ctx, ctx.root, { name: "two.example." });
  });
  afterAll(() => ctx.close());

  const addMember = (hostname: string, lastAnswerAt: bigint | null, lastErrorAt: bigint | null) =>
    ctx.db.client.member.create({
      data: {
        ...{ ownerId: ctx.root.userId, hostname, address: "192.0.2.1", username: "root", backend: "whm" },
        ...{ role: "sync", sealedCredential: "", createdAt: 0n, lastAnswerAt, lastErrorAt },
        lastErrorKind: lastErrorAt ? "unreachable" : null,
      },
    });

  it("counts zones, and those that wait for a target once each", async () => {
    expect((await getOverview(ctx, ctx.root)).zones).toEqual({ zones: 4, resting: 1, waiting: 5 });
    const { changeSeq, id } = await ctx.db.client.zone.findFirstOrThrow({ orderBy: { changeSeq: "desc" } });
    await ctx.db.client.target.update({ where: { id: local }, data: { seenSeq: changeSeq - 1n } });
    const refused = { failedSeq: 1n, retryAt: 5n, errorKind: "rejected" };
    await ctx.db.client.zoneTarget.create({ data: { zoneId: id, targetId: local, ...refused } });
    const { zones, everywhere } = await getOverview(ctx, ctx.root);
    expect(zones.waiting).toBe(1);
    expect(everywhere).toMatchObject({ zones: 4, problems: 1, targets: 1 });
  });

  it("a zone waits only for members that are to have it, on every page alike", async () => {
    const shop = await ctx.db.client.zone.findUniqueOrThrow({ where: { name: "shop.two.example." } });
    const seenSeq = (await ctx.db.client.zone.aggregate({ _max: { changeSeq: true } }))._max.changeSeq ?? 0n;
    await ctx.db.client.target.update({ where: { id: local }, data: { seenSeq } });
    const settings = (isEnabled: boolean) => ctx.db.transaction((tx) => writeSettings(tx, "cluster", { isEnabled }));
    const member = await ctx.db.client.member.create({
      data: {
        ...{ ownerId: studio.userId, hostname: "ns.studio.example", address: "192.0.2.7", username: "studio" },
        ...{ backend: "whm", role: "sync", sealedCredential: "", createdAt: 0n },
      },
    });
    const root = await addMember("ns.example.net", null, null);
    await ctx.db.client.target.create({ data: { memberId: root.id, seenSeq: shop.changeSeq - 1n, createdAt: 0n } });
    const target = await ctx.db.client.target.create({ data: { memberId: member.id, createdAt: 0n } });
    const waiting = async () => [
      (await getOverview(ctx, ctx.root)).zones.waiting,
      (await getMember(ctx, ctx.root, root.id)).waiting,
      (await getMember(ctx, ctx.root, member.id)).waiting,
    ];
    await settings(true);
    // Root has no entry for the reseller's server: in effect the reseller's is Standalone.
    expect(await waiting()).toEqual([2, 2, 0]);
    await ctx.db.client.user.update({ where: { id: studio.userId }, data: { uniqueCluster: true } });
    expect(await waiting()).toEqual([2, 1, 1]);
    await ctx.db.client.target.update({ where: { id: target.id }, data: { seenSeq } });
    expect(await waiting()).toEqual([1, 1, 0]);

    await settings(false);
    await ctx.db.client.user.update({ where: { id: studio.userId }, data: { uniqueCluster: false } });
    await ctx.db.client.target.deleteMany({ where: { memberId: { not: null } } });
    await ctx.db.client.member.deleteMany();
  });

  it("tells the newest change of each zone, with how far it has come", async () => {
    const [newest] = (await getOverview(ctx, ctx.root)).recent;
    expect(newest).toMatchObject({ name: "two.example.", kind: "delete", actorName: "root" });
    expect(newest?.delivery).toEqual({ state: "on-its-way", servedMs: null, served: 0, targets: 1 });
    const { seq = 0, at = 0 } = newest ?? {};
    await ctx.db.client.delivery.create({
      data: { seq: BigInt(seq), targetId: local, acceptedAt: BigInt(at + 3), servedAt: BigInt(at + 14) },
    });
    const [again] = (await getOverview(ctx, ctx.root)).recent;
    expect(again?.delivery).toEqual({ state: "served", servedMs: 14, served: 1, targets: 1 });
  });

  it("shows a reseller their own, and nothing of the cluster", async () => {
    const { zones, recent, cluster } = await getOverview(ctx, studio);
    expect(zones).toEqual({ zones: 1, resting: 0, waiting: null });
    expect(recent.map(({ name }) => name)).toEqual(["shop.two.example."]);
    expect(recent[0]?.delivery).toMatchObject({ served: null, targets: null });
    expect(cluster).toBeNull();
  });

  it("does not tell a reseller who pushed their zone from a member", async () => {
    const text = TEXT.replace(" 1 7200", " 2026112099 7200");
    const items = [{ name: "shop.two.example.", text }];
    await receiveZones(ctx, ctx.root, { items, mode: "overwrite", originMemberId: 3 });
    expect((await getOverview(ctx, studio)).recent[0]).toMatchObject({ kind: "receive", actorName: "cluster" });
    expect((await getOverview(ctx, ctx.root)).recent[0]).toMatchObject({ kind: "receive", actorName: "root" });
  });

  it("puts members that need attention first", async () => {
    await addMember("a.example.net", 10n, null);
    await addMember("b.example.net", 10n, 20n);
    expect((await getOverview(ctx, ctx.root)).cluster).toMatchObject({ isEnabled: false, total: 2, online: 0 });
    await ctx.db.transaction((tx) => writeSettings(tx, "cluster", { isEnabled: true }));
    const { cluster } = await getOverview(ctx, ctx.root);
    expect(cluster).toMatchObject({ isEnabled: true, total: 2, online: 1 });
    expect(cluster?.members.map(({ hostname }) => hostname)).toEqual(["b.example.net", "a.example.net"]);
  });

  describe("the command palette", () => {
    const zonesFor = async (actor: UserActor, text: string) =>
      (await findPlaces(ctx, actor, text)).zones.map(({ label }) => label);

    it.each([
      ["one", ["one.example"]],
      ["ONE.EX", ["one.example"]],
      ["two", ["shop.two.example"]],
      ["büch", ["bücher.example"]],
      ["xn--bch", ["bücher.example"]],
      ["50-x_", ["50-x_off-x.example"]],
      ["5_-x", []],
      ["%", []],
      ["  ", []],
    ])("finds “%s” among zones", async (text, labels) => {
      expect(await zonesFor(ctx.root, text)).toEqual(labels);
    });

    it("shows each only what is theirs", async () => {
      expect(await zonesFor(studio, "example")).toEqual(["shop.two.example"]);
      expect((await findPlaces(ctx, ctx.root, "example.net")).members).toHaveLength(2);
      expect((await findPlaces(ctx, studio, "example.net")).members).toEqual([]);
    });
  });
});
