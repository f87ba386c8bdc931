import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { UserActor } from "@/lib/access/actor";
import { setUniqueCluster } from "@/lib/cluster/unique-cluster";
import { type TestContext, testContext } from "@/lib/db/testing/test-context";
import type { Driver } from "@/lib/drivers/driver";
import { createMemoryDriver } from "@/lib/drivers/memory/driver";
import { setLogLevel } from "@/lib/logger";
import { leftCopies, removeLeftCopies } from "@/lib/members/left-copies";
import { setMemberRoles } from "@/lib/members/service";
import { fitTarget } from "@/lib/members/target-row";
import { writeSettings } from "@/lib/settings/settings";
import { DEFAULT_RESELLER_ACLS } from "@/lib/tokens/acls";
import { deleteUser } from "@/lib/users/delete-user";
import { moveZones } from "@/lib/zones/move-zones";
import { zoneReceipts } from "@/lib/zones/receipts";
import { receiveZones } from "@/lib/zones/receive";
import { createZone, deleteZone, replaceZone } from "@/lib/zones/service";
import { createEngine, type Engine } from "./engine";
import { ensureLocalTarget } from "./targets";

/** Which zones go to which members: root's, and those of two resellers. */

const text = (name: string, address = "192.0.2.1") =>
  `$ORIGIN ${name}\n$TTL 3600\n@ SOA ns1.example.net. hostmaster.example.net. 1 3600 900 1209600 300\n@ NS ns1.example.net.\n@ A ${address}\n`;

const ACLS = ["clustering", ...DEFAULT_RESELLER_ACLS];

describe.each(["sqlite", "postgresql"] as const)("reach on %s", (provider) => {
  let ctx: TestContext;
  let engine: Engine;
  let alice: UserActor;
  let bob: UserActor;
  const drivers = new Map<number | null, Driver>();

  const addMember = async (owner: UserActor, hostname: string, role = "sync") => {
    const at = { address: `192.0.2.${10 + drivers.size}`, username: "root", backend: "whm" };
    const member = await ctx.db.client.member.create({
      data: { ownerId: owner.userId, hostname, ...at, role, sealedCredential: "", createdAt: 0n },
    });
    drivers.set(member.id, createMemoryDriver());
    await ctx.db.transaction((tx) => fitTarget(tx, member, 0));
    engine?.wake();
    return member.id;
  };

  const holds = async (memberId: number | null) => {
    const names: string[] = [];
    const driver = drivers.get(memberId);
    for await (const page of driver?.list(AbortSignal.timeout(5_000)) ?? [])
      names.push(...page.map(({ name }) => name));
    return names.sort();
  };
  const untilHolds = async (memberId: number | null, names: readonly string[]) =>
    expect.poll(() => holds(memberId), { timeout: 15_000, interval: 25 }).toEqual([...names].sort());

  let shared: number;
  let own: number;

  beforeAll(async () => {
    setLogLevel("error");
    ctx = await testContext(provider, { wake: () => engine?.wake() });
    alice = await ctx.addReseller("alice", ACLS);
    bob = await ctx.addReseller("bob", ACLS);
    await ctx.db.transaction((tx) => writeSettings(tx, "cluster", { isEnabled: true }));
    await ensureLocalTarget(ctx);
    drivers.set(null, createMemoryDriver());
    shared = await addMember(ctx.root, "ns1.example.com");
    own = await addMember(alice, "ns1.alice.example");
    engine = createEngine(ctx, {
      openTarget: async (target) => ({ driver: drivers.get(target.memberId) as Driver, addresses: [] }),
      observe: async () => new Map(),
      takeIn: async () => ({ status: "taken" }),
      onResult: async () => undefined,
    });
    engine.start();
    await createZone(ctx, ctx.root, { name: "root.example.", text: text("root.example.") });
    await createZone(ctx, alice, { name: "a.example.", text: text("a.example.") });
    await createZone(ctx, bob, { name: "b.example.", text: text("b.example.") });
  });
  afterAll(async () => {
    await engine.stop();
    await ctx.close();
  });

  test("by default everybody's zones go to root's members, and to no reseller's", async () => {
    await untilHolds(shared, ["root.example.", "a.example.", "b.example."]);
    await untilHolds(null, ["root.example.", "a.example.", "b.example."]);
    expect(await holds(own)).toEqual([]);
    const { targets } = await zoneReceipts(ctx, alice, { name: "a.example." });
    expect(targets.map(({ label }) => label)).toEqual(["This server", "Nameserver 2"]);
  });

  test("with a cluster of its own an account's zones go there, old ones too, and the copies elsewhere stay", async () => {
    await setUniqueCluster(ctx, alice, { accountId: alice.userId, uniqueCluster: true });
    await untilHolds(own, ["a.example."]);
    await replaceZone(ctx, alice, { name: "a.example.", text: text("a.example.", "192.0.2.2") });
    await createZone(ctx, alice, { name: "a2.example.", text: text("a2.example.") });
    await untilHolds(own, ["a.example.", "a2.example."]);
    await createZone(ctx, bob, { name: "b2.example.", text: text("b2.example.") });
    await untilHolds(shared, ["root.example.", "a.example.", "b.example.", "b2.example."]);
    const { targets } = await zoneReceipts(ctx, alice, { name: "a2.example." });
    expect(targets.map(({ label }) => label)).toEqual(["This server", "ns1.alice.example"]);
    expect(await leftCopies(ctx, ctx.root, { memberId: shared })).toMatchObject({
      total: 1,
      rows: [{ displayName: "a.example", isWithdrawn: false }],
    });
    expect(await leftCopies(ctx, alice, { memberId: own })).toEqual({ rows: [], total: 0 });
  });

  test("a deletion reaches only where the zone belongs", async () => {
    await deleteZone(ctx, alice, { name: "a2.example." });
    await untilHolds(own, ["a.example."]);
    expect(await holds(shared)).toContain("a.example.");
  });

  test("a copy that was left comes back with nothing, and goes when somebody confirms it", async () => {
    const newer = text("a.example.", "192.0.2.99").replace(" 1 3600", " 4000000000 3600");
    const [outcome] = await receiveZones(ctx, ctx.root, {
      items: [{ name: "a.example.", text: newer }],
      mode: "overwrite",
      originMemberId: shared,
    });
    expect(outcome).toMatchObject({ status: "refused" });
    const { rows } = await leftCopies(ctx, ctx.root, { memberId: shared });
    const zoneIds = rows.map(({ zoneId }) => zoneId);
    await expect(removeLeftCopies(ctx, alice, { memberId: shared, zoneIds })).rejects.toMatchObject({
      code: "not-found",
    });
    expect(await removeLeftCopies(ctx, ctx.root, { memberId: shared, zoneIds })).toEqual({ removed: 1 });
    await untilHolds(shared, ["root.example.", "b.example.", "b2.example."]);
    expect(await holds(own)).toEqual(["a.example."]);
    await expect
      .poll(() => leftCopies(ctx, ctx.root, { memberId: shared }), { timeout: 5_000 })
      .toEqual({ rows: [], total: 0 });
  });

  test("a zone that moves to another account goes where that account's zones go", async () => {
    const result = await moveZones(ctx, ctx.root, { names: ["b2.example."], ownerId: alice.userId });
    expect(result).toMatchObject({ moved: 1, refused: [] });
    await untilHolds(own, ["a.example.", "b2.example."]);
    expect(await holds(shared)).toContain("b2.example.");
    await moveZones(ctx, ctx.root, { names: ["b2.example."], ownerId: bob.userId });
    await replaceZone(ctx, bob, { name: "b2.example.", text: text("b2.example.", "192.0.2.3") });
    await expect
      .poll(
        async () => (await zoneReceipts(ctx, ctx.root, { name: "b2.example." })).targets.map(({ state }) => state),
        {
          timeout: 10_000,
        },
      )
      .toEqual(["unverified", "unverified"]);
    expect(await leftCopies(ctx, alice, { memberId: own })).toMatchObject({ total: 1 });
  });

  test("back in root's cluster what was withdrawn there is sent again", async () => {
    await setUniqueCluster(ctx, ctx.root, { accountId: alice.userId, uniqueCluster: false });
    await untilHolds(shared, ["root.example.", "a.example.", "b.example.", "b2.example."]);
    expect(await holds(own)).toEqual(["a.example.", "b2.example."]);
  });

  test("of one server that both have, a copy that the other entry brings is not taken away", async () => {
    await ctx.db.client.member.updateMany({ where: { id: { in: [shared, own] } }, data: { serverId: "one" } });
    const { rows } = await leftCopies(ctx, alice, { memberId: own });
    expect(rows.map(({ displayName }) => displayName)).toEqual(["a.example", "b2.example"]);
    const attempt = removeLeftCopies(ctx, alice, { memberId: own, zoneIds: rows.map(({ zoneId }) => zoneId) });
    await expect(attempt).rejects.toMatchObject({ code: "conflict" });
  });

  test("beside root's Standalone a reseller's Synchronize brings the server the reseller's zones", async () => {
    await setMemberRoles(ctx, ctx.root, { ids: [shared], role: "standalone" });
    await createZone(ctx, alice, { name: "a3.example.", text: text("a3.example.") });
    await createZone(ctx, bob, { name: "b3.example.", text: text("b3.example.") });
    await untilHolds(own, ["a.example.", "a3.example.", "b2.example."]);
    await ctx.db.client.member.updateMany({ where: { id: { in: [shared, own] } }, data: { serverId: null } });
    await setMemberRoles(ctx, ctx.root, { ids: [shared], role: "sync" });
    await expect.poll(() => holds(shared), { timeout: 15_000 }).toContain("b3.example.");
    expect(await holds(own)).not.toContain("b3.example.");
  });

  test("an account that is deleted leaves its zones to another, or to the recycle bin", async () => {
    await deleteUser(ctx, ctx.root, { userId: bob.userId, zonesTo: alice.userId });
    expect((await zoneReceipts(ctx, alice, { name: "b.example." })).targets).not.toEqual([]);
    await expect.poll(() => holds(shared), { timeout: 15_000 }).toContain("b.example.");
    await deleteUser(ctx, ctx.root, { userId: alice.userId, zonesTo: "recycle-bin" });
    await untilHolds(null, ["root.example."]);
    await untilHolds(shared, ["root.example."]);
    expect(await ctx.db.client.member.count({ where: { ownerId: alice.userId } })).toBe(0);
    expect(await ctx.db.client.zone.count({ where: { ownerId: { not: ctx.root.userId } } })).toBe(0);
  });
});
