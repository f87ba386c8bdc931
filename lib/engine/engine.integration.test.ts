import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Actor } from "@/lib/access/actor";
import { type TestContext, testContext } from "@/lib/db/testing/test-context";
import type { Driver, RemoteZone, ZoneOutcome } from "@/lib/drivers/driver";
import { DriverError } from "@/lib/errors";
import { writeSettings } from "@/lib/settings/settings";
import type { Observation } from "@/lib/sync/verification";
import { zoneReceipts } from "@/lib/zones/receipts";
import { receiveZones } from "@/lib/zones/receive";
import { createZone, deleteZone, replaceZone } from "@/lib/zones/service";
import { createEngine, type Engine } from "./engine";
import { ensureLocalTarget, requestCompare } from "./targets";

/** A nameserver that holds zones in memory and answers for them, and can be told to fail. */
class Nameserver {
  readonly zones = new Map<string, RemoteZone>();
  isDown = false;
  /** It has a further address, to which there is no route from here. */
  hasFarAddress = false;
  readonly bad = new Set<string>();
  applied = 0;

  readonly driver: Driver = {
    capabilities: { batchSize: 50, wantsPreviousText: false, read: { supported: true } },
    apply: async (work) => {
      if (this.isDown) throw new DriverError("unreachable", "test", "apply", "connection refused");
      return work.map(({ name, seq, desired }): ZoneOutcome => {
        if (this.bad.has(name))
          return { name, seq, status: "failed", error: new DriverError("rejected", "test", "apply", "bad zone") };
        this.applied++;
        if (desired) this.zones.set(name, { name, serial: desired.serial, digest: desired.digest });
        else this.zones.delete(name);
        return { name, seq, status: "accepted" };
      });
    },
    status: async () => {
      if (this.isDown) throw new DriverError("unreachable", "test", "status", "connection refused");
      return { version: "1", software: "test", dnsAddresses: [] };
    },
    list: (signal) => this.pages(signal),
    fetch: async () => [],
    close: async () => undefined,
  };

  private async *pages(_: AbortSignal): AsyncGenerator<RemoteZone[]> {
    if (this.isDown) throw new DriverError("unreachable", "test", "list", "connection refused");
    yield [...this.zones.values()];
  }
}

const FAR: Observation = { kind: "unknown", reason: "This server has no route to 2001:db8::1.", isUnasked: true };

const text = (name: string, address = "192.0.2.1") =>
  `$ORIGIN ${name}\n$TTL 3600\n@ SOA ns1.example.net. hostmaster.example.net. 1 3600 900 1209600 300\n@ NS ns1.example.net.\n@ A ${address}\n`;

async function until(what: string, isTrue: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    if (await isTrue()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`Waited too long until ${what}.`);
}

describe.each(["sqlite", "postgresql"] as const)("engine on %s", (provider) => {
  let ctx: TestContext;
  let engine: Engine;
  const nameservers = new Map<number | null, Nameserver>([
    [null, new Nameserver()],
    [1, new Nameserver()],
  ]);
  const local = nameservers.get(null) as Nameserver;
  const member = nameservers.get(1) as Nameserver;
  const serverOf = (memberId: number | null) => nameservers.get(memberId) as Nameserver;

  const start = () => {
    engine = createEngine(ctx, {
      openTarget: async (target) => ({
        driver: serverOf(target.memberId).driver,
        addresses: [{ address: "127.0.0.1", port: target.memberId ?? 53 }],
      }),
      observe: async ([address], names) => {
        const server = serverOf(address?.port === 53 ? null : 1);
        return new Map(
          names.map((name) => {
            const held = server.zones.get(name);
            const near: Observation = held
              ? { kind: "serial", serial: held.serial ?? 0 }
              : { kind: "absent", reason: "REFUSED" };
            return [name, server.hasFarAddress ? [near, FAR] : [near]];
          }),
        );
      },
      takeIn: async () => ({ status: "taken" }),
      onResult: async () => undefined,
    });
    engine.start();
  };

  const isServed = async (name: string) =>
    (await zoneReceipts(ctx, ctx.root, { name })).targets.every((target) => target.state === "served");

  beforeAll(async () => {
    ctx = await testContext(provider, { wake: () => engine.wake() });
    await ctx.db.transaction(async (tx) => {
      await writeSettings(tx, "cluster", { isEnabled: true });
      const endpoint = { hostname: "ns1.example.com", address: "192.0.2.1", username: "root", backend: "whm" };
      await tx.member.create({
        data: { id: 1, ownerId: ctx.root.userId, ...endpoint, role: "sync", sealedCredential: "", createdAt: 0n },
      });
      await tx.target.create({ data: { memberId: 1, createdAt: 0n } });
    });
    await ensureLocalTarget(ctx);
    start();
  });
  afterAll(async () => {
    await engine.stop();
    await ctx.close();
  });

  test("an edit is accepted and seen served at every target", async () => {
    await createZone(ctx, ctx.root, { name: "one.example.", text: text("one.example.") });
    await until("it is served", () => isServed("one.example."));
    const { targets } = await zoneReceipts(ctx, ctx.root, { name: "one.example." });
    expect(targets.map((target) => target.kind)).toEqual(["local", "member"]);
    for (const target of targets) expect(target.servedMs).toBeGreaterThanOrEqual(target.acceptedMs ?? Number.NaN);
  });

  test("of a member with an address that cannot be asked from here the other one decides, and root is told", async () => {
    member.hasFarAddress = true;
    const north = await ctx.addReseller("north");
    await createZone(ctx, north, { name: "far.example.", text: text("far.example.") });
    await until("it is served", () => isServed("far.example."));
    member.hasFarAddress = false;
    const detailsFor = async (actor: Actor) =>
      (await zoneReceipts(ctx, actor, { name: "far.example." })).targets.map(({ detail }) => detail);
    expect(await detailsFor(ctx.root)).toEqual([null, "This server has no route to 2001:db8::1."]);
    expect(await detailsFor(north)).toEqual([null, null]);
  });

  test("a bad zone is set aside with its reason and holds up no other", async () => {
    member.bad.add("bad.example.");
    await createZone(ctx, ctx.root, { name: "bad.example.", text: text("bad.example.") });
    await createZone(ctx, ctx.root, { name: "good.example.", text: text("good.example.") });
    await until("the good one is served", () => isServed("good.example."));
    const receipts = await zoneReceipts(ctx, ctx.root, { name: "bad.example." });
    expect(receipts.targets.map((target) => [target.state, target.error])).toEqual([
      ["served", null],
      ["set-aside", "bad zone"],
    ]);
    member.bad.clear();
    await replaceZone(ctx, ctx.root, { name: "bad.example.", text: text("bad.example.", "192.0.2.2") });
    await until("the mended one is served", () => isServed("bad.example."));
  });

  test("a member that is down slows nobody and catches up", async () => {
    member.isDown = true;
    const items = Array.from({ length: 300 }, (_, index) => ({
      name: `down${index}.example.`,
      text: text(`down${index}.example.`),
    }));
    await receiveZones(ctx, ctx.root, { items, mode: "newest", originMemberId: null });
    await until("the local nameserver has all", () => items.every((item) => local.zones.has(item.name)));
    expect(member.zones.has("down7.example.")).toBe(false);
    member.isDown = false;
    await until("the member has all", () => items.every((item) => member.zones.has(item.name)));
  });

  test("a zone is not sent back to the member that it came from", async () => {
    const before = member.applied;
    const [held] = await receiveZones(ctx, ctx.root, {
      items: [{ name: "from-member.example.", text: text("from-member.example.") }],
      mode: "newest",
      originMemberId: 1,
    });
    if (held?.status !== "created") throw new Error("It was not taken in.");
    member.zones.set(held.name, held);
    await until("the local nameserver has it", () => local.zones.has("from-member.example."));
    await until("it is acknowledged", async () => {
      const row = await ctx.db.client.zoneTarget.findFirst({
        where: { ackSeq: { gt: 0n }, targetId: 1 },
        orderBy: { ackSeq: "desc" },
      });
      const zone = await ctx.db.client.zone.findUniqueOrThrow({ where: { name: "from-member.example." } });
      return row?.ackSeq === zone.changeSeq;
    });
    expect(member.applied).toBe(before);
  });

  test("a deletion reaches every target", async () => {
    await deleteZone(ctx, ctx.root, { name: "one.example." });
    await until("nobody serves it", () => isServed("one.example."));
    expect([local.zones.has("one.example."), member.zones.has("one.example.")]).toEqual([false, false]);
  });

  test("a second comparison of equal states sends nothing", async () => {
    await until(
      "all is quiet",
      async () => (await ctx.db.client.zoneTarget.count({ where: { verifySeq: { not: null } } })) === 0,
    );
    const before = local.applied;
    const target = await ensureLocalTarget(ctx);
    await ctx.db.transaction((tx) => requestCompare(tx, target));
    engine.wake();
    await until(
      "it is compared",
      async () => !(await ctx.db.client.target.findUniqueOrThrow({ where: { id: target } })).needsCompare,
    );
    await until("the backlog is through", async () => {
      const row = await ctx.db.client.target.findUniqueOrThrow({ where: { id: target } });
      return row.backlogSeq === row.floorSeq;
    });
    const deletions = await ctx.db.client.zone.count({ where: { deletedAt: { not: null } } });
    expect(local.applied - before).toBe(deletions);
  });

  test("a nameserver that lost everything gets everything again", async () => {
    local.zones.clear();
    const target = await ensureLocalTarget(ctx);
    await ctx.db.transaction((tx) => requestCompare(tx, target));
    engine.wake();
    const present = await ctx.db.client.zone.count({ where: { deletedAt: null } });
    await until("all are back", () => local.zones.size === present);
  });

  test("a comparison sends a member what it lost, also what came from there, and leaves alone what it has of a zone that was deleted", async () => {
    member.zones.delete("from-member.example.");
    const theirs = { name: "one.example.", serial: 9, digest: "theirs" };
    member.zones.set(theirs.name, theirs);
    const { id } = await ctx.db.client.target.findUniqueOrThrow({ where: { memberId: 1 } });
    await ctx.db.transaction((tx) => requestCompare(tx, id));
    engine.wake();
    await until("it has it again", () => member.zones.has("from-member.example."));
    await until("the backlog is through", async () => {
      const row = await ctx.db.client.target.findUniqueOrThrow({ where: { id } });
      return !row.needsCompare && row.backlogSeq === row.floorSeq;
    });
    expect(member.zones.get(theirs.name)).toEqual(theirs);
  });

  test("what one engine left when it stopped, the next one finishes", async () => {
    await engine.stop();
    await createZone(ctx, ctx.root, { name: "meanwhile.example.", text: text("meanwhile.example.") });
    start();
    await until("it is served", () => isServed("meanwhile.example."));
  });

  test("of two engines one works on a target", async () => {
    const first = engine;
    start();
    const before = local.applied;
    await createZone(ctx, ctx.root, { name: "lease.example.", text: text("lease.example.") });
    await until("it is served", () => isServed("lease.example."));
    expect(local.applied).toBe(before + 1);
    await first.stop();
  });
});
