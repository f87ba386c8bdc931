import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type TestContext, testContext } from "@/lib/db/testing/test-context";
import type { Driver } from "@/lib/drivers/driver";
import { createMemoryDriver, type MemoryDriver } from "@/lib/drivers/memory/driver";
import { DriverError, type DriverErrorKind } from "@/lib/errors";
import { recordMemberFailure, recordMemberSuccess } from "@/lib/members/record";
import { writeSettings } from "@/lib/settings/settings";
import { createZone, editZone } from "@/lib/zones/service";
import { createEngine, type Engine } from "./engine";

/**
 * Healthy members beside ill ones. What decides is order: the ill members' steps end only when the test says so, or in failure, and edits reach the healthy
 * ones all the same. Latencies are printed, and decide nothing.
 */
const EDITS = 25;
const name = "edited.example.";
const text = `$ORIGIN ${name}\n$TTL 3600\n@ SOA ns1.example.net. hostmaster.example.net. 1 3600 900 1209600 300\n@ NS ns1.example.net.\n`;

async function until(what: string, isTrue: () => unknown): Promise<void> {
  for (let tries = 0; tries < 1_500; tries++) {
    if (await isTrue()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`Waited too long until ${what}.`);
}

function closedGate() {
  const resolvers: (() => void)[] = [];
  const gate = new Promise<void>((resolve) => resolvers.push(resolve));
  return {
    gate,
    open: () => {
      for (const resolve of resolvers) resolve();
    },
  };
}

/** A member whose every call waits for the gate, if there is one, and fails. */
function illDriver(kind: DriverErrorKind, gate?: Promise<void>): Driver & { calls: number } {
  const fail = async (operation: string): Promise<never> => {
    driver.calls++;
    await gate;
    throw new DriverError(kind, "ill", operation, `It failed as ${kind}.`);
  };
  const driver = {
    ...createMemoryDriver(),
    calls: 0,
    apply: () => fail("apply"),
    status: () => fail("status"),
    fetch: () => fail("fetch"),
    // biome-ignore lint/correctness/useYield: it fails before there is anything to list.
    async *list() {
      await fail("list");
    },
  };
  return driver;
}

describe.each(["sqlite", "postgresql"] as const)("healthy members beside ill ones on %s", (provider) => {
  let ctx: TestContext;
  let engine: Engine;
  let drivers: Map<number, Driver>;

  beforeEach(async () => {
    drivers = new Map();
    ctx = await testContext(provider, { wake: () => engine.wake() });
    engine = createEngine(ctx, {
      openTarget: async ({ memberId }) => {
        const driver = drivers.get(memberId ?? 0);
        if (!driver) throw new DriverError("unreachable", "test", "open", "Nobody answers.");
        return { driver, addresses: [] };
      },
      observe: async () => new Map(),
      takeIn: async () => ({ status: "taken" }),
      onResult: async ({ memberId }, failure, beganAt) => {
        if (failure) await recordMemberFailure(ctx, memberId ?? 0, failure);
        else await recordMemberSuccess(ctx, memberId ?? 0, beganAt);
      },
    });
  });
  afterEach(async () => {
    await engine.stop();
    await ctx.close();
  });

  const threshold = (failureThreshold: number) =>
    ctx.db.transaction((tx) => writeSettings(tx, "cluster", { isEnabled: true, failureThreshold }));

  async function join(driver: Driver, attempts = 0): Promise<number> {
    const hostname = `ns${drivers.size + 1}.example.net`;
    const reached = { hostname, address: "192.0.2.1", username: "root", backend: "whm", role: "write-only" };
    const { id } = await ctx.db.client.member.create({
      data: { ownerId: ctx.root.userId, ...reached, sealedCredential: "", createdAt: 0n },
    });
    drivers.set(id, driver);
    await ctx.db.client.target.create({ data: { memberId: id, needsCompare: false, attempts, createdAt: 0n } });
    return id;
  }

  /** Edits one after the other, each once the healthy members have the one before. @returns how long each took to reach the last of them, in ms */
  async function editInTurn(healthy: readonly MemoryDriver[], first: number): Promise<number[]> {
    const latencies: number[] = [];
    for (let at = 0; at < EDITS; at++) {
      const { changeSeq } = await ctx.db.client.zone.findFirstOrThrow({ where: { name } });
      const owner = `h${first + at}.${name}`;
      const add = { kind: "add" as const, owner, type: "A", ttl: 60, rdata: "192.0.2.1" };
      await editZone(ctx, ctx.root, { name, changes: [add], baseSeq: Number(changeSeq) });
      const committed = performance.now();
      await until("every healthy member has it", () =>
        healthy.every(({ zones }) => new RegExp(`^h${first + at}[.\\s]`, "m").test(zones.get(name)?.text ?? "")),
      );
      latencies.push(performance.now() - committed);
    }
    return latencies;
  }

  const print = (when: string, latencies: readonly number[]) => {
    const sorted = [...latencies].sort((a, b) => a - b);
    const at = (share: number) => (sorted[Math.ceil(sorted.length * share) - 1] ?? 0).toFixed(0);
    process.stdout.write(`${provider}, ${when}: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms of ${EDITS} edits\n`);
  };

  test("one dead, one slow and one lying: edits reach the healthy ones before and after they are disabled", async () => {
    const { gate, open } = closedGate();
    const healthy = [createMemoryDriver(), createMemoryDriver()];
    for (const driver of healthy) await join(driver);
    const [dead, slow, lying] = [illDriver("unreachable"), illDriver("timeout", gate), illDriver("bad-response")];
    const ill = [dead, slow, lying];
    const ids: number[] = [];
    for (const driver of ill) ids.push(await join(driver));
    await threshold(0);
    await createZone(ctx, ctx.root, { name, text });
    engine.start();
    await until("every ill member was called", () => ill.every(({ calls }) => calls > 0));

    print("while they fail", await editInTurn(healthy, 0));
    // The one step of the slow member began before the first edit and has not ended yet: nobody waited for it.
    expect(slow.calls).toBe(1);

    await threshold(2);
    open();
    const disabled = () => ctx.db.client.member.count({ where: { id: { in: ids }, disabledAt: { not: null } } });
    await until("the ill ones are disabled", async () => (await disabled()) === 3);
    expect(await ctx.db.client.member.count({ where: { disabledAt: null, failures: 0 } })).toBe(2);
    const calls = ill.map((driver) => driver.calls);
    print("once they are disabled", await editInTurn(healthy, EDITS));
    expect(ill.map((driver) => driver.calls)).toEqual(calls);
  });

  test("more hanging members than places leave the healthy ones their turns", async () => {
    const { gate, open } = closedGate();
    const hanging = Array.from({ length: 40 }, () => illDriver("timeout", gate));
    for (const driver of hanging) await join(driver, 1);
    const healthy = createMemoryDriver();
    await join(healthy);
    await threshold(10);
    await createZone(ctx, ctx.root, { name, text });
    engine.start();
    await until("the healthy one has the zone", () => healthy.zones.has(name));
    expect(hanging.filter(({ calls }) => calls > 0).length).toBeLessThan(40);
    // Steps that never end would keep the engine from stopping.
    open();
  });

  test("a local nameserver that failed once does not stand behind hanging members", async () => {
    const { gate, open } = closedGate();
    const hanging = Array.from({ length: 10 }, () => illDriver("timeout", gate));
    for (const driver of hanging) await join(driver, 1);
    await threshold(10);
    await createZone(ctx, ctx.root, { name, text });
    engine.start();
    await until("no place of a failing member is free", () => hanging.filter(({ calls }) => calls > 0).length === 8);
    const local = createMemoryDriver();
    drivers.set(0, local);
    await ctx.db.client.target.create({ data: { needsCompare: false, attempts: 1, createdAt: 0n } });
    engine.wake();
    try {
      await until("the local nameserver has the zone", () => local.zones.has(name));
    } finally {
      open();
    }
  });
});
