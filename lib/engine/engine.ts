import { setMaxListeners } from "node:events";
import type { Context } from "@/lib/context";
import type { DnsAddress, Driver } from "@/lib/drivers/driver";
import { DriverError } from "@/lib/errors";
import { publishZones } from "@/lib/live/publish-zones";
import { logger } from "@/lib/logger";
import { meter } from "@/lib/metrics/meter";
import { hasBacklog } from "@/lib/sync/cursor";
import { createLoneFailures } from "@/lib/sync/lone-failures";
import { retryDelay, SANE_WAIT_MS } from "@/lib/sync/policy";
import { LeaseLost, type SyncPorts, type TargetState } from "@/lib/sync/ports";
import { compareStep, reconcileStep } from "@/lib/sync/reconcile";
import { type Nameserver, verifyStep } from "@/lib/sync/verify";
import { type Chore, createChores } from "./chores";
import { createLeases, leaseOwner } from "./leases";
import { measuredStore } from "./measured-store";
import { createSlots } from "./slots";
import { databaseStore } from "./store";
import { type LoadedTarget, loadTarget, loadTargets, requestCompare } from "./targets";

/**
 * The loop that brings every target to what is wanted.
 *
 *     wake (a commit) ─┐
 *     tick (1 s) ──────┴─► which targets have work? ─► one runner a target ─► compare? ─► reconcile steps ─► verify rounds ─► idle
 *                                                        lease in the database, renewed while a step runs
 *
 * Nothing that has to survive is in memory: a runner that dies anywhere is replaced by the next tick, here or in another process.
 */
export interface Engine {
  start(): void;
  /**
   * A commit happened. Cheap; calls that come together are one.
   * @param isReceived of what another server made: then it travels on first, and this server is one of those that serve it
   */
  wake(isReceived?: boolean): void;
  /** Monotonic milliseconds of the clock at which it saw what is due the last time; null: never yet. */
  lookedAt(): number | null;
  /** Finishes the current slices, gives the leases back. */
  stop(): Promise<void>;
}

export interface OpenedTarget {
  readonly driver: Driver;
  readonly addresses: readonly DnsAddress[];
  /** It failed for so long that both sides may have changed: it is compared before anything is written, as soon as it answers. */
  readonly wasAwayLong?: boolean;
}

/** What the engine needs beside the database: the ends of the wire. */
export interface EnginePorts {
  /** An open driver and where the target's nameserver answers. The port keeps connections open between calls. @throws DriverError */
  openTarget(target: TargetState): Promise<OpenedTarget>;
  readonly observe: SyncPorts["observe"];
  readonly takeIn: SyncPorts["takeIn"];
  readonly takeNewer?: SyncPorts["takeNewer"];
  readonly keepReplaced?: SyncPorts["keepReplaced"];
  /** The target answered a step, or failed one as a whole. @param beganAt epoch milliseconds at which it was asked */
  onResult(target: TargetState, failure: DriverError | null, beganAt: number): Promise<void>;
}

const TICK_MS = 1_000;
/** Steps taken at a time, each for another target; the others take their turn. */
const RUNNERS = 24;
/** The same for members that failed the last time: each keeps its place until a time-out, and no place of one that works. */
const FAILING_RUNNERS = 8;
/** How long a stop waits for the slices under way before it cuts them short. */
const STOP_MS = 5_000;
/**
 * How long the members' work waits for the local nameserver's, which is done in two milliseconds when it is alone. All of it shares one thread: begun
 * together, each would be done last. What came from another server does not wait: it would at every server of a chain.
 */
const HEAD_START_MS = 5;
/** A check that is due sooner than this is waited for; the tick finds the others. */
const VERIFY_WAIT_MS = 500;

const log = logger("engine");
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Members before the local nameserver. */
const order = ({ target }: LoadedTarget) => (target.memberId === null ? 1 : 0);

function measureSlice(ms: number, zones: number): void {
  meter()?.observe("zonefleet_engine_slice_seconds", {}, ms / 1_000);
  meter()?.observe("zonefleet_engine_slice_zones", {}, zones);
}

/** @param chores what is done beside the targets, under leases of the same engine */
export function createEngine(ctx: Context, ports: EnginePorts, chores: readonly Chore[] = []): Engine {
  const owner = leaseOwner(ctx);
  const leases = createLeases(ctx, owner);
  const inTurn = createSlots(RUNNERS);
  const failingInTurn = createSlots(FAILING_RUNNERS);
  const sync: SyncPorts = {
    store: measuredStore(databaseStore(ctx, owner)),
    lone: createLoneFailures(),
    now: ctx.clock.now,
    random: Math.random,
    takeIn: ports.takeIn,
    takeNewer: ports.takeNewer,
    keepReplaced: ports.keepReplaced,
    observe: ports.observe,
  };
  const beside = createChores(leases, chores);
  const abort = new AbortController();
  // Every question under way listens to it: many are no leak.
  setMaxListeners(0, abort.signal);
  const runners = new Map<number, Promise<void>>();
  /** Targets whose runners ended since the last look began: what it read of them may be of before. */
  const ended = new Set<number>();
  const verifiers = new Map<number, Promise<void>>();
  let timer: NodeJS.Timeout | undefined;
  let isStopping = false;
  let lookedAt: number | null = null;
  let lookUnderWay: Promise<void> | null = null;
  let isWoken = false;
  /** Something was received since the last look. */
  let isHandingOn = false;
  /** How often something new was sent to a target: a verifier that was busy meanwhile goes on. */
  const sendings = new Map<number, number>();
  /** Verifiers that wait for the next check of what they know of; called, they look at once. */
  const napping = new Map<number, () => void>();
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
        else if (!abort.signal.aborted) log.error("a target's work stopped", { target: target.id, error });
      })
      .finally(() => {
        pool.delete(target.id);
        if (pool === runners) ended.add(target.id);
        if (wakes !== wakesBefore) looking();
      });
    pool.set(target.id, running);
  }

  const isDue = (target: TargetState) =>
    target.retryAt <= ctx.clock.now() || target.retryAt > ctx.clock.now() + SANE_WAIT_MS;

  async function reconcile(first: TargetState): Promise<void> {
    for (let target: TargetState | null = first; target && !isStopping && isDue(target); ) {
      const current: TargetState = target;
      // The local nameserver's step ends at once, also in failure: it never stands behind members that hang.
      const turn = current.attempts > 0 && current.memberId !== null ? failingInTurn : inTurn;
      if (!(await turn(() => heldStep(current)))) return;
      // A slice at a time: pages and other targets get their turn.
      await new Promise(setImmediate);
      target = await loadTarget(ctx, target.id);
    }
  }

  /** @returns whether to go on at once */
  async function heldStep(loaded: TargetState): Promise<boolean> {
    const name = `target:${loaded.id}`;
    const lease = isStopping ? null : await leases.acquire(name);
    if (lease === null) return false;
    // Whoever held it before may have moved the cursor since it was read, and have got zones through.
    if (lease === "taken") sync.lone.forget(loaded.id);
    const target = lease === "taken" ? await loadTarget(ctx, loaded.id) : loaded;
    return target !== null && leases.whileHeld(name, () => step(target));
  }

  /** @returns whether to go on at once */
  async function step(target: TargetState): Promise<boolean> {
    if (target.needsReopen && !target.needsCompare) {
      await sync.store.reopen(target);
      return true;
    }
    const opened = await open(target);
    if (!opened) return false;
    const { driver, addresses } = opened;
    if (opened.wasAwayLong && !target.needsCompare) return askForCompare(target, driver);
    const beganAt = ctx.clock.now();
    if (target.needsCompare) {
      const failure = await compareStep(sync, target, driver, abort.signal);
      await ports.onResult(target, failure?.error ?? null, beganAt);
      return failure === null;
    }
    const began = ctx.clock.monotonic();
    const { sent, isAnswered, failure, hasMore } = await reconcileStep(sync, target, driver, abort.signal);
    if (sent.length > 0) measureSlice(ctx.clock.monotonic() - began, sent.length);
    // A target that answers otherwise is not spoken against: one of the zones is the trouble.
    if (failure ? !failure.isZones : isAnswered) await ports.onResult(target, failure?.error ?? null, beganAt);
    if (sent.length > 0) publishZones(sent);
    if (sent.length > 0 && addresses.length > 0) {
      sendings.set(target.id, (sendings.get(target.id) ?? 0) + 1);
      napping.get(target.id)?.();
      run(verifiers, target, verify);
    }
    return hasMore;
  }

  async function open(target: TargetState): Promise<OpenedTarget | null> {
    try {
      return await ports.openTarget(target);
    } catch (error) {
      if (!(error instanceof DriverError)) throw error;
      // Disabled or paused this moment: it was not called, so nothing failed.
      if (error.kind !== "held") await fail(target, error);
      return null;
    }
  }

  async function fail(target: TargetState, error: DriverError): Promise<void> {
    const now = ctx.clock.now();
    const retryAt = now + retryDelay(error.kind, target.attempts + 1, Math.random());
    await sync.store.recordFailure(target, { kind: error.kind, message: error.message, retryAt, now });
    await ports.onResult(target, error, now);
  }

  /** Not before it answers: what it acknowledged is void from then on. @returns whether it does */
  async function askForCompare(target: TargetState, driver: Driver): Promise<boolean> {
    try {
      await driver.status(abort.signal);
    } catch (error) {
      if (!(error instanceof DriverError)) throw error;
      if (error.kind !== "aborted") await fail(target, error);
      return false;
    }
    await ctx.db.transaction((tx) => requestCompare(tx, target.id), "ask-compare");
    return true;
  }

  async function verify(target: TargetState): Promise<void> {
    const name = `target:${target.id}`;
    if ((await leases.acquire(name)) === null) return;
    const nameserver = await nameserverOf(target);
    if (nameserver) await leases.whileHeld(name, () => verifyUntilQuiet(target, nameserver));
  }

  async function verifyUntilQuiet(target: TargetState, nameserver: Nameserver): Promise<void> {
    for (let isQuiet = false; !isQuiet && !isStopping; ) {
      const before = sendings.get(target.id);
      const { news, hasMore, nextAt } = await verifyStep(sync, target, nameserver, abort.signal);
      if (news.length > 0) publishZones(news);
      const wait = nextAt === null ? Number.POSITIVE_INFINITY : nextAt - ctx.clock.now();
      const hasMoreNow = hasMore || sendings.get(target.id) !== before;
      if (!hasMoreNow && wait <= VERIFY_WAIT_MS) await nap(target.id, Math.max(wait, 1));
      isQuiet = !hasMoreNow && wait > VERIFY_WAIT_MS;
    }
  }

  /** A pause that ends early when something new was sent to the target: an edit does not wait for the checks of a bulk before it. */
  function nap(targetId: number, ms: number): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(waiting);
        napping.delete(targetId);
        resolve();
      };
      const waiting = setTimeout(end, ms);
      napping.set(targetId, end);
    });
  }

  /** null: the target cannot be opened now, which is for its runner to record: looking must not push its next try away. */
  async function nameserverOf(target: TargetState): Promise<Nameserver | null> {
    try {
      const { driver, addresses } = await ports.openTarget(target);
      return { addresses, hasOwnSerials: driver.capabilities.ownSerials !== undefined };
    } catch (error) {
      if (error instanceof DriverError) return null;
      throw error;
    }
  }

  async function look(): Promise<void> {
    const isOnItsWay = isHandingOn;
    isHandingOn = false;
    ended.clear();
    const { head, targets } = await loadTargets(ctx);
    // What was received goes on first: behind it others wait for it, each with a way of its own.
    const inOrder = isOnItsWay ? targets.toSorted((a, b) => order(a) - order(b)) : targets;
    for (const { target: read, hasRetries, hasChecks } of inOrder) {
      const target = ended.has(read.id) ? await loadTarget(ctx, read.id) : read;
      if (!target) continue;
      const { cursor, needsCompare, needsReopen } = target;
      const hasWork = cursor.seen < head || hasBacklog(cursor) || needsCompare || needsReopen || hasRetries;
      if (hasWork && isDue(target)) {
        run(runners, target, reconcile);
        if (target.memberId === null && !isOnItsWay) await Promise.race([runners.get(target.id), pause(HEAD_START_MS)]);
        // What was begun gets to its socket before the next one is begun.
        else await new Promise(setImmediate);
      }
      if (hasChecks) run(verifiers, target, verify);
    }
  }

  async function lookUntilQuiet(): Promise<void> {
    try {
      do {
        isWoken = false;
        await look();
        lookedAt = ctx.clock.monotonic();
      } while (isWoken && !isStopping);
    } catch (error) {
      log.error("cannot see what is due", { error });
    } finally {
      lookUnderWay = null;
    }
  }

  /** One look at a time; what comes in during it is looked for right after it. */
  function looking(): void {
    if (isStopping) return;
    if (lookUnderWay) isWoken = true;
    else lookUnderWay = lookUntilQuiet();
  }

  return {
    start() {
      timer = setInterval(looking, TICK_MS);
      looking();
      beside.start();
    },
    wake(isReceived = false) {
      wakes++;
      isHandingOn ||= isReceived;
      looking();
    },
    lookedAt: () => lookedAt,
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
