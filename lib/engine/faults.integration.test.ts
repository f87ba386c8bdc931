import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Clock } from "@/lib/clock";
import { type TestContext, testContext } from "@/lib/db/testing/test-context";
import { createMemoryDriver } from "@/lib/drivers/memory/driver";
import { AppError, DriverError } from "@/lib/errors";
import { writeSettings } from "@/lib/settings/settings";
import { zoneReceipts } from "@/lib/zones/receipts";
import { receiveZones } from "@/lib/zones/receive";
import { createZone, editZone } from "@/lib/zones/service";
import { createEngine, type Engine } from "./engine";
import { createLeases, dropLeasesOfBefore, leaseOwner } from "./leases";
import { ensureLocalTarget } from "./targets";

/** Trouble around the engine: a disk that is full, a clock that jumps. */
const text = (name: string) =>
  `$ORIGIN ${name}\n$TTL 3600\n@ SOA ns1.example.net. hostmaster.example.net. 1 3600 900 1209600 300\n@ NS ns1.example.net.\n@ A 192.0.2.1\n`;

let ctx: TestContext;
let engine: Engine | undefined;
let offset = 0;
const clock: Clock = { now: () => Date.now() + offset, monotonic: () => performance.now() };

beforeEach(async () => {
  offset = 0;
  ctx = await testContext("sqlite", { clock, wake: () => engine?.wake() });
});
afterEach(async () => {
  await engine?.stop();
  engine = undefined;
  await ctx.close();
});

describe("a full disk", () => {
  test("an edit says so and leaves nothing half done; with room again it goes through", async () => {
    const name = "full.example.";
    const created = await createZone(ctx, ctx.root, { name, text: text(name) });
    const [{ page_count: pages } = { page_count: 0n }] = await ctx.db.client.$queryRaw<
      { page_count: bigint }[]
    >`PRAGMA page_count`;
    await ctx.db.client.$queryRawUnsafe(`PRAGMA max_page_count = ${pages}`);
    const items = Array.from({ length: 500 }, (_, index) => ({
      name: `z${index}.example.`,
      text: text(`z${index}.example.`),
    }));
    const receive = () => receiveZones(ctx, ctx.root, { items, mode: "newest", originMemberId: null });
    const failure = await receive().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(AppError);
    expect(failure).toMatchObject({ code: "unavailable", message: expect.stringContaining("disk") });
    expect(await ctx.db.client.zone.count()).toBe(1);
    expect(await ctx.db.client.revision.count()).toBe(1);
    await ctx.db.client.$queryRawUnsafe("PRAGMA max_page_count = 1000000");
    expect((await receive()).every((outcome) => outcome.status === "created")).toBe(true);
    const add = { kind: "add" as const, owner: `a.${name}`, type: "A", ttl: 60, rdata: "192.0.2.2" };
    expect((await editZone(ctx, ctx.root, { name, changes: [add], baseSeq: created.seq })).seq).toBeGreaterThan(
      created.seq,
    );
  });
});

async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 1_500; tries++) {
    if (await isTrue()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error("Waited too long.");
}

describe("many targets", () => {
  test("each gets its turn, the last one too, with no commit to wake it", async () => {
    const drivers = new Map<number, ReturnType<typeof createMemoryDriver>>();
    engine = createEngine(ctx, {
      openTarget: async ({ id }) => {
        const driver = drivers.get(id) ?? createMemoryDriver();
        drivers.set(id, driver);
        return { driver, addresses: [] };
      },
      observe: async () => new Map(),
      takeIn: async () => ({ status: "taken" }),
      onResult: async () => undefined,
    });
    await ctx.db.transaction((tx) => writeSettings(tx, "cluster", { isEnabled: true }));
    const now = BigInt(clock.now());
    const ids = Array.from({ length: 60 }, (_, index) => index + 1);
    await ctx.db.client.member.createMany({
      data: ids.map((id) => ({
        id,
        ownerId: ctx.root.userId,
        hostname: `ns${id}.example.net`,
        address: "192.0.2.1",
        username: "root",
        backend: "whm",
        role: "write-only",
        sealedCredential: "",
        createdAt: now,
      })),
    });
    await ctx.db.client.target.createMany({ data: ids.map((memberId) => ({ memberId, createdAt: now })) });
    await createZone(ctx, ctx.root, { name: "many.example.", text: text("many.example.") });
    engine.start();
    await until(async () => (await ctx.db.client.zoneTarget.count({ where: { ackSeq: { gt: 0n } } })) === 60);
    expect(drivers.size).toBe(60);
  });
});

describe("a target that cannot be opened", () => {
  test("its next try is not pushed away by looking what it serves", async () => {
    let isThere = true;
    const memory = createMemoryDriver();
    engine = createEngine(ctx, {
      openTarget: async () => {
        if (!isThere) throw new DriverError("unreachable", "test", "open", "not running");
        return { driver: memory, addresses: [{ address: "127.0.0.1", port: 53 }] };
      },
      observe: async (_, names) => new Map(names.map((name) => [name, [{ kind: "unknown", reason: "silent" }]])),
      takeIn: async () => ({ status: "taken" }),
      onResult: async () => undefined,
    });
    const target = await ensureLocalTarget(ctx);
    const name = "quiet.example.";
    engine.start();
    await createZone(ctx, ctx.root, { name, text: text(name) });
    await until(async () => (await ctx.db.client.zoneTarget.count({ where: { verifyAttempts: { gt: 3 } } })) === 1);
    isThere = false;
    await ctx.db.client.zoneTarget.updateMany({ data: { verifyAt: 1n } });
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect(await ctx.db.client.target.findUnique({ where: { id: target } })).toMatchObject({
      attempts: 0,
      retryAt: 0n,
    });
  });
});

test("a target whose step ended while it was looked what is due is not begun from what was read before", async () => {
  const now = Date.now();
  const still = await testContext("sqlite", {
    clock: { now: () => now, monotonic: clock.monotonic },
    wake: () => engine?.wake(),
  });
  const local = createMemoryDriver();
  const failing = createMemoryDriver();
  let fail = () => {};
  const failed = new Promise<void>((resolve) => {
    fail = resolve;
  });
  let calls = 0;
  failing.apply = async () => {
    calls++;
    await failed;
    failing.faults.target = "unreachable";
    throw new DriverError("unreachable", "test", "apply", "gone");
  };
  const { apply } = local;
  local.apply = async (work, signal) => {
    // In the look that has read of both that they have work; the other one's step ends before its turn comes.
    if (local.zones.size > 0) {
      fail();
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return apply(work, signal);
  };
  engine = createEngine(still, {
    openTarget: async ({ memberId }) => ({ driver: memberId === null ? local : failing, addresses: [] }),
    observe: async () => new Map(),
    takeIn: async () => ({ status: "taken" }),
    onResult: async () => undefined,
  });
  try {
    await still.db.transaction((tx) => writeSettings(tx, "cluster", { isEnabled: true }));
    await ensureLocalTarget(still);
    const endpoint = { hostname: "ns1.example.net", address: "192.0.2.1", username: "root", backend: "whm" };
    const member = await still.db.client.member.create({
      data: { ...endpoint, ownerId: still.root.userId, role: "write-only", sealedCredential: "", createdAt: 0n },
    });
    await still.db.client.target.create({ data: { memberId: member.id, createdAt: 0n } });
    engine.start();
    await createZone(still, still.root, { name: "one.example.", text: text("one.example.") });
    await until(() => local.zones.size === 1 && calls === 1);
    await createZone(still, still.root, { name: "two.example.", text: text("two.example.") });
    const failures = { memberId: member.id, attempts: { gt: 0 } };
    await until(async () => local.zones.size === 2 && (await still.db.client.target.count({ where: failures })) === 1);
    expect(calls).toBe(1);
  } finally {
    await engine.stop();
    engine = undefined;
    await still.close();
  }
});

describe("a clock that jumps", () => {
  const served = async (name: string) =>
    (await zoneReceipts(ctx, ctx.root, { name })).targets.every((target) => target.acceptedMs !== null);
  test.each([
    ["back by a day", -86_400_000],
    ["forward by a day", 86_400_000],
  ])("%s: edits go on, what was set aside is tried again, serials never go back", async (_, jump) => {
    const memory = createMemoryDriver({ faults: { zones: new Map([["bad.example.", "rejected"]]) } });
    engine = createEngine(ctx, {
      openTarget: async () => ({ driver: memory, addresses: [] }),
      observe: async () => new Map(),
      takeIn: async () => ({ status: "taken" }),
      onResult: async () => undefined,
    });
    await ensureLocalTarget(ctx);
    engine.start();
    const before = await createZone(ctx, ctx.root, { name: "one.example.", text: text("one.example.") });
    await createZone(ctx, ctx.root, { name: "bad.example.", text: text("bad.example.") });
    await until(() => served("one.example."));
    offset = jump;
    memory.faults.zones.clear();
    const add = { kind: "add" as const, owner: "a.one.example.", type: "A", ttl: 60, rdata: "192.0.2.2" };
    const after = await editZone(ctx, ctx.root, { name: "one.example.", changes: [add], baseSeq: before.seq });
    expect(after.serial).toBeGreaterThan(before.serial);
    await until(() => served("one.example."));
    await until(() => served("bad.example."));
  });
});

test("a server that was killed leaves nothing for the next one to wait for", async () => {
  const [dead, next] = [createLeases(ctx, leaseOwner(ctx)), createLeases(ctx, leaseOwner(ctx))];
  expect(await dead.acquire("target:1")).toBe("taken");
  expect(await next.acquire("target:1")).toBeNull();
  await dropLeasesOfBefore(ctx);
  expect(await next.acquire("target:1")).toBe("taken");
});
