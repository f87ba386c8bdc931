import type { Context } from "@/lib/context";
import type { DnsAddress, Driver } from "@/lib/drivers/driver";
import { DriverError } from "@/lib/errors";
import { randomAlphanumeric } from "@/lib/ids";
import { publish } from "@/lib/live/bus";
import { logger } from "@/lib/logger";
import { hasBacklog } from "@/lib/sync/cursor";
import { retryDelay, SANE_WAIT_MS } from "@/lib/sync/policy";
import { LeaseLost, type SyncPorts, type TargetState } from "@/lib/sync/ports";
import { compareStep, reconcileStep } from "@/lib/sync/reconcile";
import { verifyStep } from "@/lib/sync/verify";
import { type Chore, createChores } from "./chores";
import { createLeases } from "./leases";
import { databaseStore } from "./store";
import { loadTarget, loadTargets } from "./targets";

/**
 * The loop that brings every target to what is wanted.
 *
 *     wake (a commit) ─┐
 *     tick (1 s) ──────┴─► which targets may have work? ─► one runner a target ─► compare? ─► reconcile steps ─► verify rounds ─► idle
 *                                                            lease in the database, renewed as it goes
 *
 * Nothing that has to survive is in memory: a runner that dies anywhere is replaced by the next tick, here or in another process.
 */
export interface Engine {
  start(): void;
  /** A commit happened. Cheap; calls that come together are one. */
  wake(): void;
  /** Finishes the current slices, gives the leases back. */
  stop(): Promise<void>;
}

/** What the engine needs beside the database: the ends of the wire. */
export interface EnginePorts {
  /** An open driver and where the target's nameserver answers. The port keeps connections open between calls. @throws DriverError */
  openTarget(target: TargetState): Promise<{ driver: Driver; addresses: readonly DnsAddress[] }>;
  readonly observe: SyncPorts["observe"];
  readonly takeIn: SyncPorts["takeIn"];
  /** The target answered a step, or failed one as a whole. */
  onResult(target: TargetState, failure: DriverError | null): Promise<void>;
}

const TICK_MS = 1_000;
/** Targets worked on at a time; the others take their turn. */
const RUNNERS = 24;
/** How long a stop waits for the slices under way before it cuts them short. */
const STOP_MS = 5_000;
/** Pauses between looks for changes that are about to be served, milliseconds; what takes longer is found by the tick. */
const VERIFY_PAUSES = [2, 4, 8, 16, 32, 64, 128, 256] as const;
/** More changed zones than this are not announced one by one. */
const ANNOUNCED = 50;

const log = logger("engine");
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** @param chores what is done beside the targets, under leases of the same engine */
export function createEngine(ctx: Context, ports: EnginePorts, chores: readonly Chore[] = []): Engine {
  const owner = `${process.pid}-${randomAlphanumeric(12)}`;
  const leases = createLeases(ctx, owner);
  const sync: SyncPorts = {
    store: databaseStore(ctx, owner),
    now: ctx.clock.now,
    random: Math.random,
    takeIn: ports.takeIn,
    observe: ports.observe,
  };
  const beside = createChores(leases, chores);
  const abort = new AbortController();
  const runners = new Map<number, Promise<void>>();
  const verifiers = new Map<number, Promise<void>>();
  let timer: NodeJS.Timeout | undefined;
  let isStopping = false;
  let lookUnderWay: Promise<void> | null = null;
  let isWoken = false;
  /** Counts wakes: a runner that was busy during one looks again when it is done. */
  let wakes = 0;

  /** Runs `body` for one target, once at a time, and logs what nobody expected. */
  function run(
    pool: Map<number, Promise<void>>,
    target: TargetState,
    body: (target: TargetState) => Promise<void>,
  ): void {
    if (pool.has(target.id) || isStopping) return;
    const wakesBefore = wakes;
    const running = body(target)
      .catch((error: unknown) => {
        if (error instanceof LeaseLost) leases.forget(`target:${target.id}`);
        else log.error("a target's work stopped", { target: target.id, error });
      })
      .finally(() => {
        pool.delete(target.id);
        if (wakes !== wakesBefore) looking(false);
      });
    pool.set(target.id, running);
  }

  const isDue = (target: TargetState) =>
    target.retryAt <= ctx.clock.now() || target.retryAt > ctx.clock.now() + SANE_WAIT_MS;

  async function reconcile(first: TargetState): Promise<void> {
    let target: TargetState | null = first;
    while (target && !isStopping && isDue(target)) {
      if (!(await leases.acquire(`target:${target.id}`))) return;
      const hasMore = await step(target);
      if (!hasMore) return;
      // A slice at a time: pages and other targets get their turn.
      await new Promise(setImmediate);
      target = await loadTarget(ctx, target.id);
    }
  }

  /** @returns whether to go on at once */
  async function step(target: TargetState): Promise<boolean> {
    const opened = await open(target);
    if (!opened) return false;
    const { driver, addresses } = opened;
    if (target.needsCompare) {
      const failure = await compareStep(sync, target, driver, abort.signal);
      await ports.onResult(target, failure?.error ?? null);
      return failure === null;
    }
    const { sent, failure, hasMore } = await reconcileStep(sync, target, driver, abort.signal);
    if (failure || sent.length > 0) await ports.onResult(target, failure?.error ?? null);
    if (sent.length > 0) announce(sent);
    if (sent.length > 0 && addresses.length > 0) run(verifiers, target, verify);
    return hasMore;
  }

  async function open(target: TargetState): Promise<{ driver: Driver; addresses: readonly DnsAddress[] } | null> {
    try {
      return await ports.openTarget(target);
    } catch (error) {
      if (!(error instanceof DriverError)) throw error;
      const now = ctx.clock.now();
      const retryAt = now + retryDelay(error.kind, target.attempts + 1, Math.random());
      await sync.store.recordFailure(target, { kind: error.kind, message: error.message, retryAt, now, setAside: [] });
      await ports.onResult(target, error);
      return null;
    }
  }

  function announce(names: readonly string[]): void {
    publish("zones");
    for (const name of names.slice(0, ANNOUNCED)) publish(`zone:${name}`);
  }

  async function verify(target: TargetState): Promise<void> {
    if (!(await leases.acquire(`target:${target.id}`))) return;
    const opened = await open(target);
    for (let quiet = 0; opened && quiet < VERIFY_PAUSES.length && !isStopping; ) {
      const asked = await verifyStep(sync, target, opened.addresses, abort.signal);
      if (asked.length > 0) announce(asked);
      else await pause(VERIFY_PAUSES[quiet] ?? 0);
      quiet = asked.length > 0 ? 0 : quiet + 1;
    }
  }

  async function look(isTick: boolean): Promise<void> {
    const { head, targets } = await loadTargets(ctx);
    for (const target of targets) {
      if (runners.size >= RUNNERS) break;
      const hasNew = target.cursor.seen < head || hasBacklog(target.cursor) || target.needsCompare;
      // Zones set aside and checks that are due show in no cursor: the tick asks for them.
      if ((hasNew || isTick) && isDue(target)) run(runners, target, reconcile);
      if (isTick) run(verifiers, target, verify);
    }
  }

  async function lookUntilQuiet(isTick: boolean): Promise<void> {
    try {
      do {
        isWoken = false;
        await look(isTick);
      } while (isWoken && !isStopping);
    } catch (error) {
      log.error("cannot see what is due", { error });
    } finally {
      lookUnderWay = null;
    }
  }

  /** One look at a time; what comes in during it is looked for right after it. */
  function looking(isTick: boolean): void {
    if (isStopping) return;
    if (lookUnderWay) isWoken = true;
    else lookUnderWay = lookUntilQuiet(isTick);
  }

  return {
    start() {
      timer = setInterval(() => looking(true), TICK_MS);
      looking(true);
      beside.start();
    },
    wake() {
      wakes++;
      looking(false);
    },
    async stop() {
      isStopping = true;
      clearInterval(timer);
      const cut = setTimeout(() => abort.abort(), STOP_MS);
      await lookUnderWay;
      await Promise.allSettled([...runners.values(), ...verifiers.values(), beside.stop()]);
      clearTimeout(cut);
      await leases.releaseAll();
    },
  };
}
