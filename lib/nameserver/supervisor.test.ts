import { describe, expect, it } from "vitest";
import type { KnotBinary } from "@/lib/nameserver/knot-binary";
import type { KnotHost } from "@/lib/nameserver/knot-host";
import { createKnotSupervisor } from "@/lib/nameserver/supervisor";

const LISTEN = [{ address: "127.0.0.1", port: 5353 }];
const FOUND: KnotBinary = { status: "found", version: "3.2.6", knotd: "/knotd", knotc: "/knotc", setpriv: null };

/** A machine whose time passes only in `sleep`, and whose Knot ends when the test says so. */
class FakeHost implements KnotHost {
  now = 0;
  binary: KnotBinary = FOUND;
  listenProblem: Awaited<ReturnType<KnotHost["checkListen"]>> = null;
  isLost = true;
  prepareFailure: string | undefined;
  readyAfterMs = 40;
  isDirectoryThere = true;
  stale: number | null = null;
  ignoresTerm = false;
  told = 0;
  readonly signals: string[] = [];
  readonly sleeps: number[] = [];
  spawned = 0;
  end: (how: string) => void = () => {};
  #startedAt = 0;
  /** How long Knot lives before it dies by itself. */
  livesMs = Number.POSITIVE_INFINITY;
  onSleep: (host: FakeHost) => void = () => {};

  readonly clock = { now: () => this.now, monotonic: () => this.now };
  findBinary = async () => this.binary;
  endStale = async () => this.stale;
  checkListen = async () => this.listenProblem;
  prepare = async () => {
    if (this.prepareFailure) throw new Error(this.prepareFailure);
    return { isLost: this.isLost };
  };
  spawn = () => {
    this.#startedAt = this.now;
    const ended = new Promise<string>((resolve) => {
      this.end = resolve;
    });
    return {
      pid: 1000 + ++this.spawned,
      ended,
      kill: (signal: "SIGTERM" | "SIGKILL") => {
        this.signals.push(signal);
        if (signal === "SIGKILL" || !this.ignoresTerm) this.end(`it was ended by ${signal}`);
      },
    };
  };
  noteTold = () => void this.told++;
  isReady = async () => this.now - this.#startedAt >= this.readyAfterMs;
  tend = () => this.isDirectoryThere;
  async sleep(ms: number, signal: AbortSignal) {
    if (signal.aborted) return;
    this.sleeps.push(ms);
    this.now += ms;
    this.onSleep(this);
    if (this.now - this.#startedAt >= this.livesMs) this.end("it was ended by SIGSEGV");
    // Lets everything that can go on go on before time passes again.
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function setUp(host: FakeHost, isTellable = true) {
  const fresh: boolean[] = [];
  const supervisor = createKnotSupervisor({
    dataDir: "/nowhere",
    listen: LISTEN,
    host,
    clock: host.clock,
    onFreshStart: async (isLost) => {
      fresh.push(isLost);
      if (!isTellable) throw new Error("the database is locked");
    },
  });
  const states: string[] = [];
  supervisor.subscribe(({ state }) => states.at(-1) === state || states.push(state));
  return { supervisor, states, fresh };
}

/** Lets the fake time pass until the supervisor has been in `count` states. */
async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 10_000 && !condition(); i++) await new Promise((resolve) => setImmediate(resolve));
  expect(condition()).toBe(true);
}

describe("createKnotSupervisor", () => {
  it("starts, tells, and stops", async () => {
    const host = new FakeHost();
    const { supervisor, states, fresh } = setUp(host);
    expect(supervisor.status()).toMatchObject({ state: "stopped", pid: null, listen: LISTEN });
    await supervisor.start();
    expect(supervisor.status()).toMatchObject({
      state: "running",
      pid: 1001,
      version: "3.2.6",
      reason: null,
      restarts: 0,
    });
    expect(fresh).toEqual([true]);
    await supervisor.stop();
    expect(states).toEqual(["starting", "running", "stopped"]);
    expect(host.signals).toEqual(["SIGTERM"]);
    await supervisor.stop();
    await supervisor.start();
    expect(supervisor.status().state).toBe("running");
    await supervisor.stop();
  });

  it("starts again when Knot dies, with the shortest pause first", async () => {
    const host = new FakeHost();
    const { supervisor, states, fresh } = setUp(host);
    await supervisor.start();
    host.isLost = false;
    host.end("it was ended by SIGKILL");
    await until(() => states.filter((state) => state === "running").length === 2);
    expect(states).toEqual(["starting", "running", "backing-off", "starting", "running"]);
    expect(supervisor.status()).toMatchObject({ restarts: 1, pid: 1002 });
    expect(fresh).toEqual([true, false]);
    await supervisor.stop();
  });

  it("takes it for told that zones may be gone only once that is noted", async () => {
    const told = async (isTellable: boolean) => {
      const host = new FakeHost();
      const { supervisor } = setUp(host, isTellable);
      await supervisor.start();
      await supervisor.stop();
      return host.told;
    };
    expect(await told(true)).toBe(1);
    expect(await told(false)).toBe(0);
  });

  it("waits longer each time that Knot does not stay, and says why", async () => {
    const host = new FakeHost();
    host.livesMs = 10;
    const { supervisor } = setUp(host);
    await supervisor.start();
    expect(supervisor.status()).toMatchObject({ state: "backing-off", pid: null });
    expect(supervisor.status().reason).toContain("SIGSEGV");
    await until(() => host.sleeps.filter((ms) => ms === 30_000).length >= 2);
    expect(host.sleeps.filter((ms) => ms !== 15).slice(0, 10)).toEqual([
      100, 200, 400, 800, 1600, 3200, 6400, 12_800, 25_600, 30_000,
    ]);
    await supervisor.stop();
    expect(supervisor.status().state).toBe("stopped");
  });

  it("begins with the shortest pause again after a minute of running", async () => {
    const host = new FakeHost();
    host.livesMs = 65_000;
    const { supervisor } = setUp(host);
    await supervisor.start();
    await until(() => supervisor.status().restarts >= 3);
    expect(new Set(host.sleeps.filter((ms) => ms !== 15 && ms !== 5000))).toEqual(new Set([100]));
    await supervisor.stop();
  });

  it.each([
    [
      "missing",
      (host: FakeHost) => (host.binary = { status: "missing", reason: "apt-get install" }),
      "apt-get install",
      30_000,
    ],
    ["port-in-use", (host: FakeHost) => (host.listenProblem = { isTaken: true, reason: "taken" }), "taken", 5000],
    [
      "backing-off",
      (host: FakeHost) => (host.listenProblem = { isTaken: false, reason: "privileges" }),
      "privileges",
      100,
    ],
    ["backing-off", (host: FakeHost) => (host.prepareFailure = "disk full"), "disk full", 100],
  ])("is %s and tries again until it works", async (state, spoil, reason, pause) => {
    const host = new FakeHost();
    spoil(host);
    const { supervisor } = setUp(host);
    await supervisor.start();
    expect(supervisor.status()).toMatchObject({ state, reason, pid: null });
    expect(host.sleeps[0]).toBe(pause);
    expect(host.spawned).toBe(0);
    host.binary = FOUND;
    host.listenProblem = null;
    host.prepareFailure = undefined;
    await until(() => supervisor.status().state === "running");
    expect(supervisor.status().restarts).toBe(0);
    await supervisor.stop();
  });

  it("gives up on a Knot that never gets ready", async () => {
    const host = new FakeHost();
    host.readyAfterMs = Number.POSITIVE_INFINITY;
    const { supervisor } = setUp(host);
    await supervisor.start();
    expect(supervisor.status()).toMatchObject({ state: "backing-off", reason: "Knot did not get ready." });
    expect(host.now).toBeGreaterThan(60_000);
    await supervisor.stop();
  });

  it("kills a Knot that does not stop", async () => {
    const host = new FakeHost();
    host.ignoresTerm = true;
    const { supervisor } = setUp(host);
    await supervisor.start();
    await supervisor.stop();
    expect(host.signals).toEqual(["SIGTERM", "SIGKILL"]);
  });

  it("starts afresh when its directory was taken away", async () => {
    const host = new FakeHost();
    const { supervisor, fresh } = setUp(host);
    await supervisor.start();
    host.isDirectoryThere = false;
    host.onSleep = () => {
      if (host.signals.length > 0) host.isDirectoryThere = true;
    };
    await until(() => fresh.length === 2);
    expect(supervisor.status()).toMatchObject({ state: "running", restarts: 1 });
    await supervisor.stop();
  });

  it("takes other addresses at a restart, and none at all", async () => {
    const { supervisor, states } = setUp(new FakeHost());
    await supervisor.start();
    await supervisor.restart([{ address: "127.0.0.2", port: 53 }]);
    expect(supervisor.status()).toMatchObject({ state: "running", listen: [{ address: "127.0.0.2", port: 53 }] });
    await supervisor.restart([]);
    expect(supervisor.status()).toMatchObject({ state: "stopped", reason: "No address is set for the nameserver." });
    await supervisor.restart(LISTEN);
    expect(states.at(-1)).toBe("running");
    await supervisor.stop();
  });
});
