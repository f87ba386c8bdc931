import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Driver, ZoneWork } from "@/lib/drivers/driver";
import type { SyncPorts } from "./ports";
import { compareStep, reconcileStep } from "./reconcile";
import { Crash, MemoryWorld, NO_FAULTS } from "./testing/memory-world";
import { verifyStep } from "./verify";

/**
 * Drives the real reconciler over a model of the database and of one target, through edits, deletions, failures, crashes at any port call, lost data and
 * time, and then asks for what administrators need: it converges, nothing acknowledged is lost, nothing is skipped, one bad zone blocks no other, and a
 * second run does nothing.
 */
const signal = new AbortController().signal;
const ADDRESS = [{ address: "127.0.0.1", port: 53 }];
const NAMES = ["a.", "b.", "c.", "d.", "e.", "f.", "g.", "h.", "i.", "j."];

/** Runs one slice as the engine does: compare first, then reconcile, then verify. A crash loses everything that is not in the world. */
async function slice(world: MemoryWorld): Promise<boolean> {
  world.resetCalls();
  try {
    if (world.target.retryAt > world.now) return false;
    if (world.target.needsCompare) return (await compareStep(world.ports, world.target, world.driver, signal)) === null;
    const step = await reconcileStep(world.ports, world.target, world.driver, signal);
    await verifyStep(world.ports, world.target, { addresses: ADDRESS, hasOwnSerials: false }, signal);
    return step.hasMore;
  } catch (error) {
    if (!(error instanceof Crash)) throw error;
    world.ports.lone.forget(world.target.id);
    return true;
  }
}

async function settle(world: MemoryWorld): Promise<void> {
  for (let rounds = 0; rounds < 200; rounds++) {
    world.now += 10 * 60 * 60_000;
    for (let steps = 0; (await slice(world)) && steps < 200; steps++);
  }
}

type Command =
  | { kind: "edit"; name: string }
  | { kind: "delete"; name: string }
  | { kind: "run"; crashAt: number | null; fails: boolean; steps: number }
  | { kind: "bad"; names: string[] }
  | { kind: "lose"; forgets: boolean }
  | { kind: "wait"; ms: number };

const name = fc.constantFrom(...NAMES);
const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constantFrom("edit" as const, "edit" as const, "delete" as const), name }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant("run" as const),
      crashAt: fc.option(fc.nat(24), { nil: null }),
      fails: fc.boolean(),
      steps: fc.integer({ min: 1, max: 4 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("bad" as const), names: fc.uniqueArray(name, { maxLength: 3 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("lose" as const), forgets: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("wait" as const), ms: fc.integer({ min: 1, max: 100_000 }) }) },
);

async function play(world: MemoryWorld, commands: readonly Command[]): Promise<void> {
  for (const step of commands) {
    if (step.kind === "edit") world.change(step.name);
    else if (step.kind === "delete") {
      if (world.zones.get(step.name)?.isDeleted === false) world.change(step.name, true);
    } else if (step.kind === "wait") world.now += step.ms;
    else if (step.kind === "bad") world.faults.badZones = new Set(step.names);
    else if (step.kind === "lose") {
      // The nameserver lost its data; the supervisor says so, or somebody asked to synchronize again.
      if (step.forgets) world.holds.clear();
      world.target = { ...world.target, needsCompare: true };
    } else {
      world.faults = {
        ...world.faults,
        crashAt: step.crashAt,
        target: step.fails && step.crashAt === null ? "unreachable" : null,
      };
      for (let runs = 0; runs < step.steps; runs++) await slice(world);
      world.faults = { ...world.faults, crashAt: null, target: null };
    }
  }
}

function expectConverged(world: MemoryWorld, except: ReadonlySet<string> = new Set()): void {
  for (const row of world.zones.values()) {
    if (except.has(row.name)) continue;
    const held = world.holds.get(row.name);
    expect(held?.digest ?? null, `${row.name} at the target`).toBe(row.isDeleted ? null : world.digestOf(row));
    expect(world.acks.get(row.zoneId)?.ackSeq, `${row.name} acknowledged`).toBe(row.seq);
    expect(world.acks.get(row.zoneId)?.verifySeq, `${row.name} verified`).toBeNull();
  }
}

describe("the reconciler, whatever happens", () => {
  test("converges, skips nothing, and then has nothing to do", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: 1, maxLength: 60 }), async (commands) => {
        const world = new MemoryWorld();
        await play(world, commands);
        world.faults = { ...NO_FAULTS };
        await settle(world);
        expectConverged(world);
        const before = world.applied;
        await settle(world);
        expect(world.applied, "a second run sends nothing").toBe(before);
        world.target = { ...world.target, needsCompare: true };
        await settle(world);
        // That the target does not list a deleted zone is no acknowledgement: deletions are sent once more.
        const deletions = [...world.zones.values()].filter((row) => row.isDeleted).length;
        expect(world.applied, "a comparison of equal states moves no zone").toBeLessThanOrEqual(before + deletions);
      }),
      { numRuns: 1_500 },
    );
  }, 120_000);

  test("one bad zone blocks no other", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(command, { minLength: 1, maxLength: 40 }),
        fc.uniqueArray(name, { minLength: 1, maxLength: 3 }),
        async (commands, bad) => {
          const world = new MemoryWorld();
          await play(world, commands);
          world.faults = { ...NO_FAULTS, badZones: new Set(bad) };
          for (const edited of NAMES) world.change(edited);
          await settle(world);
          expectConverged(world, new Set(bad));
        },
      ),
      { numRuns: 500 },
    );
  }, 120_000);

  test("a zone that breaks every call it is in is found, and its next tries take no other zone down", async () => {
    const world = new MemoryWorld();
    world.faults = { ...world.faults, poison: new Set(["c."]) };
    for (const edited of NAMES) world.change(edited);
    for (let rounds = 0; rounds < 10; rounds++) {
      world.now = Math.max(world.now, world.target.retryAt);
      for (let steps = 0; (await slice(world)) && steps < 50; steps++);
    }
    expectConverged(world, new Set(["c."]));
    // Alive all the time: no failure counted up into a long wait.
    expect(world.now).toBeLessThan(20_000);
    const aside = world.acks.get(world.zones.get("c.")?.zoneId ?? 0);
    expect(aside).toMatchObject({ failedKind: "timeout", attempts: expect.any(Number) });
    world.now = (aside?.retryAt ?? 0) + 1;
    world.change("d.");
    await slice(world);
    expect(world.holds.get("d.")?.digest).toBe(world.digestOf(world.zones.get("d.") as never));
    await slice(world);
    expect(world.target).toMatchObject({ attempts: 0, retryAt: 0 });
    world.faults = { ...world.faults, poison: new Set() };
    await settle(world);
    expectConverged(world);
  });

  test("a member that takes nothing fails as a whole from the third zone on, and gets what was set aside once it takes one", async () => {
    const world = new MemoryWorld();
    world.target = { ...world.target, memberId: 1 };
    for (const edited of NAMES) world.change(edited);
    await slice(world);
    world.faults = { ...NO_FAULTS, sending: "timeout" };
    const failures: boolean[] = [];
    const step = async () => {
      world.now = Math.max(world.now, world.target.retryAt);
      const { failure, isAnswered } = await reconcileStep(world.ports, world.target, world.driver, signal);
      expect(isAnswered).toBe(false);
      if (failure) failures.push(failure.isZones);
    };
    while (failures.filter((isZones) => !isZones).length < 3) await step();
    const alone = world.tried.filter((zones) => zones.length === 1).flat();
    expect(new Set(alone).size, "a fresh zone every time").toBe(alone.length);
    expect(alone).toHaveLength(5);
    // Counted up as with any target that fails; the pause is the target's, and what was set aside waits for no other.
    expect(world.target.attempts).toBe(3);
    const aside = () => [...world.acks.values()].filter(({ failedSeq }) => failedSeq !== null);
    expect(aside().filter(({ retryAt }) => (retryAt ?? 0) > world.target.retryAt + 10_000)).toEqual([]);
    for (let tries = 0; tries < 20; tries++) await step();
    expect(world.target.attempts).toBe(23);

    world.faults = { ...NO_FAULTS };
    world.now = world.target.retryAt;
    for (let steps = 0; (await slice(world)) && steps < 30; steps++);
    expectConverged(world);
    expect(world.target).toMatchObject({ attempts: 0, retryAt: 0 });
  });

  test("zones that break the calls they are in hold nothing against a member that takes others", async () => {
    const world = new MemoryWorld();
    world.target = { ...world.target, memberId: 1 };
    const poison = new Set(["a.", "c.", "e.", "g."]);
    world.faults = { ...NO_FAULTS, poison };
    for (const edited of NAMES) world.change(edited);
    const run = async (ms: number) => {
      for (const end = world.now + ms; world.now < end; world.now = Math.max(world.now + 1_000, world.target.retryAt))
        for (let steps = 0; (await slice(world)) && steps < 50; steps++);
    };
    await run(60_000);
    expectConverged(world, poison);
    world.tried = [];
    await run(10 * 60 * 60_000);
    // Known for what they are: they have long pauses of their own, and the member has none.
    expect(world.target).toMatchObject({ attempts: 0, retryAt: 0 });
    expect(world.tried.length).toBeLessThan(30 * poison.size);
    world.change("b.");
    await slice(world);
    expectConverged(world, poison);
  });

  test("a member that calls our own copy newer has it: nothing is sent for ever, nothing is forgotten", async () => {
    const world = new MemoryWorld();
    world.target = { ...world.target, memberId: 1 };
    world.change("a.");
    await slice(world);
    const claims = {
      ...world.driver,
      apply: async () => [{ name: "a.", seq: 1, status: "newer-there" as const, text: "a.", updatedAt: 1 }],
    };
    await reconcileStep({ ...world.ports, takeIn: async () => ({ status: "same" }) }, world.target, claims, signal);
    expect(world.acks.get(1)?.ackSeq).toBe(1);
  });

  test("a copy that is to be replaced is kept before it is sent over, and that it cannot be is no failure of the member", async () => {
    const world = new MemoryWorld();
    world.target = { ...world.target, memberId: 1 };
    world.change("a.");
    await slice(world);
    const copy = { name: "a.", seq: 1, text: "theirs" };
    const driver: Driver = {
      ...world.driver,
      apply: async (work, abort, willReplace) => {
        await willReplace?.(copy);
        return world.driver.apply(work, abort);
      },
    };
    const step = (keepReplaced: SyncPorts["keepReplaced"]) =>
      reconcileStep({ ...world.ports, keepReplaced }, world.target, driver, signal);
    const full = new Error("The disk is full.");
    await expect(step(() => Promise.reject(full))).rejects.toBe(full);
    expect([world.applied, world.target.attempts, world.acks.get(1)?.failedSeq]).toEqual([0, 0, null]);
    const kept: unknown[] = [];
    await step(async (memberId, { text }) => void kept.push([memberId, text, world.applied]));
    expect(kept).toEqual([[1, "theirs", 0]]);
    expect(world.applied).toBe(1);
  });

  test("a step holds no more records than fit into memory, and skips none for it", async () => {
    const world = new MemoryWorld();
    const sizes: number[] = [];
    const driver = {
      ...world.driver,
      apply: async (work: readonly ZoneWork[]) => {
        sizes.push(work.reduce((sum, { name }) => sum + (world.zones.get(name)?.recordCount ?? 0), 0));
        return world.driver.apply(work, signal);
      },
    };
    const run = async () => {
      for (let steps = 0; steps < 60; steps++)
        if (!(await reconcileStep(world.ports, world.target, driver, signal)).hasMore) return;
    };
    await slice(world);
    const records = [150_000, 1, 100_000, 250_000, 60_000, 60_000, 60_000, 1, 0, 199_999];
    for (const size of [...records, ...records]) world.change(`z${world.sequence}.`, false, size);
    await run();
    for (const size of records.slice(0, 3)) world.change(`live${size}.`, false, size);
    await run();
    for (const row of world.zones.values()) expect(world.holds.has(row.name), row.name).toBe(true);
    for (const size of sizes) expect(size === 250_000 || size <= 200_000).toBe(true);
  });

  test("a live edit goes before a backlog", async () => {
    const world = new MemoryWorld();
    for (let index = 0; index < 40; index++) world.change(`backlog${index}.`);
    await slice(world);
    await slice(world);
    world.change("live.");
    await slice(world);
    expect(world.holds.has("live.")).toBe(true);
    expect(world.holds.size).toBeLessThan(40);
  });
});
