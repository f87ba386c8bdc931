/**
 * Keeps one Knot running in the data directory.
 *
 *               start()
 *     stopped ──────────► starting ──ready──► running ──ended by itself, or its directory is gone──┐
 *        ▲                 │  ▲                                                                    │
 *        │                 │  └────────────── after a pause ◄───────────────────────────┐          │
 *        │                 ├─ not installed ──► missing ───────────────────────────────┤          │
 *        │                 ├─ address taken ──► port-in-use ───────────────────────────┤          │
 *        └─ stop(), always └─ anything else ──► backing-off ◄──────────────────────────┴──────────┘
 */
import { type Clock, systemClock } from "@/lib/clock";
import { errorMessage } from "@/lib/errors";
import { logger } from "@/lib/logger";
import { knotDirectory } from "@/lib/nameserver/knot-directory";
import { createKnotHost, type FoundKnot, type KnotHost, type KnotProcess } from "@/lib/nameserver/knot-host";
import type { NameserverStatus } from "@/lib/nameserver/status";
import type { DnsAddress } from "@/lib/wire/dns-address";

export interface KnotSupervisorOptions {
  /** Absolute path; everything lies in its folder `nameserver`. */
  readonly dataDir: string;
  /** Where Knot answers. Empty: there is no nameserver. */
  readonly listen: readonly DnsAddress[];
  /**
   * Called each time Knot has become ready. `isLost`: zones that it had before may be gone or incomplete, because its directory is new or the
   * machine was started since; the engine must compare and send again. Until this has resolved once, every further start says so too.
   */
  readonly onFreshStart?: (isLost: boolean) => Promise<void>;
  readonly clock?: Clock;
  /** For tests. */
  readonly host?: KnotHost;
}

export interface KnotSupervisor {
  /** Begins. Resolves as soon as Knot is ready, or it is known why it is not; it is tried again and again then. */
  start(): Promise<void>;
  /** Ends Knot: SIGTERM, then SIGKILL after some seconds. Resolves when it has ended; safe to call at any time. */
  stop(): Promise<void>;
  /** Stops and starts, with other addresses if given. */
  restart(listen?: readonly DnsAddress[]): Promise<void>;
  status(): NameserverStatus;
  /** Tells of every change of the status. @returns the function that ends it */
  subscribe(listener: (status: NameserverStatus) => void): () => void;
}

const READY_POLL_MS = 15;
const START_TIMEOUT_MS = 60_000;
/** With the five seconds of requests and engine before it this fits into the ten of a stop; zone files are ours, so nothing is lost by a kill. */
const STOP_GRACE_MS = 3_500;
const TEND_EVERY_MS = 5_000;
/** Running so long counts as success: the next failure starts with the shortest pause again. */
const STABLE_MS = 60_000;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 30_000;
/** Pauses for what changes only when somebody does something about it. */
const PAUSE_MS = { missing: 30_000, "port-in-use": 5_000 } as const;

type NotRunning = { readonly state: "missing" | "port-in-use" | "backing-off" | "stopped"; readonly reason: string };

const log = logger("nameserver");

export function createKnotSupervisor(options: KnotSupervisorOptions): KnotSupervisor {
  const { clock = systemClock, onFreshStart } = options;
  const host = options.host ?? createKnotHost(knotDirectory(options.dataDir));
  const listeners = new Set<(status: NameserverStatus) => void>();
  let run: { readonly controller: AbortController; readonly done: Promise<void> } | undefined;
  let status: NameserverStatus = {
    state: "stopped",
    reason: null,
    since: clock.now(),
    software: "Knot DNS",
    version: null,
    pid: null,
    restarts: 0,
    listen: options.listen,
  };

  function become(change: Partial<NameserverStatus> & Pick<NameserverStatus, "state">): void {
    const since = change.state === status.state ? status.since : clock.now();
    status = { ...status, reason: null, pid: null, ...change, since };
    for (const listener of listeners) listener(status);
  }

  /** Starts Knot once and stays with it until it has ended. `running` is called when it is ready. */
  async function live(signal: AbortSignal, running: () => void): Promise<NotRunning> {
    become({ state: "starting" });
    const { listen } = status;
    if (listen.length === 0) return { state: "stopped", reason: "No address is set for the nameserver." };
    const binary = await host.findBinary();
    if (binary.status === "missing") return { state: "missing", reason: binary.reason };
    become({ state: "starting", version: binary.version });
    const stale = await host.endStale();
    if (stale !== null) log.warn("Ended a Knot that an earlier panel left running.", { pid: stale });
    const problem = await host.checkListen(listen);
    if (problem) return { state: problem.isTaken ? "port-in-use" : "backing-off", reason: problem.reason };
    const { isLost } = await host.prepare(binary, listen);
    if (signal.aborted) return { state: "stopped", reason: "stopped" };
    return stayWith(start(binary, listen), isLost, signal, running);
  }

  function start(binary: FoundKnot, listen: readonly DnsAddress[]): KnotProcess {
    const knot = host.spawn(binary, listen);
    become({ state: "starting", pid: knot.pid });
    return knot;
  }

  async function stayWith(
    knot: KnotProcess,
    isLost: boolean,
    signal: AbortSignal,
    running: () => void,
  ): Promise<NotRunning> {
    let end: string | undefined;
    const ended = knot.ended.then((how) => {
      end = how;
    });
    try {
      const deadline = clock.monotonic() + START_TIMEOUT_MS;
      while (!(await host.isReady(status.listen))) {
        await Promise.race([ended, host.sleep(READY_POLL_MS, signal)]);
        if (end !== undefined || signal.aborted) break;
        if (clock.monotonic() > deadline) return { state: "backing-off", reason: "Knot did not get ready." };
      }
      if (end === undefined && !signal.aborted) {
        become({ state: "running", pid: knot.pid });
        log.info("Knot is running.", { pid: knot.pid, version: status.version, listen: status.listen, isLost });
        running();
        void tell(isLost);
      }
      while (end === undefined && !signal.aborted) {
        await Promise.race([ended, host.sleep(TEND_EVERY_MS, signal)]);
        if (end === undefined && !host.tend()) {
          return { state: "backing-off", reason: "The nameserver's directory was removed." };
        }
      }
      return {
        state: "backing-off",
        reason: `Knot is not running: ${end ?? "stopped"}. Its log is knot.log in the data directory.`,
      };
    } finally {
      if (end === undefined) await endProcess(knot, ended);
    }
  }

  async function tell(isLost: boolean): Promise<void> {
    try {
      await onFreshStart?.(isLost);
      if (isLost) host.noteTold();
    } catch (error) {
      log.error("Zones wait for the engine's next try.", { error });
    }
  }

  async function endProcess(knot: KnotProcess, ended: Promise<void>): Promise<void> {
    const patience = new AbortController();
    knot.kill("SIGTERM");
    await Promise.race([
      ended,
      host.sleep(STOP_GRACE_MS, patience.signal).then(() => patience.signal.aborted || knot.kill("SIGKILL")),
    ]);
    await ended;
    patience.abort();
  }

  async function keep(signal: AbortSignal, settled: () => void): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      let ready: number | undefined;
      const outcome = await live(signal, () => {
        ready = clock.monotonic();
        settled();
      }).catch((error: unknown): NotRunning => ({ state: "backing-off", reason: errorMessage(error) }));
      if (signal.aborted) break;
      failures = ready !== undefined && clock.monotonic() - ready >= STABLE_MS ? 1 : failures + 1;
      become({
        state: outcome.state,
        reason: outcome.reason,
        restarts: status.restarts + (ready === undefined ? 0 : 1),
      });
      log.warn("The nameserver is not running.", { state: outcome.state, reason: outcome.reason });
      settled();
      if (outcome.state === "stopped") return;
      const pause = Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), LONGEST_PAUSE_MS);
      await host.sleep(outcome.state === "backing-off" ? pause : PAUSE_MS[outcome.state], signal);
    }
  }

  const supervisor: KnotSupervisor = {
    start() {
      if (run) return Promise.resolve();
      return new Promise((settled) => {
        const controller = new AbortController();
        const done = keep(controller.signal, settled).finally(settled);
        run = { controller, done };
      });
    },
    async stop() {
      const running = run;
      running?.controller.abort();
      await running?.done;
      if (run === running) run = undefined;
      if (status.state !== "stopped") become({ state: "stopped" });
    },
    async restart(listen) {
      await supervisor.stop();
      if (listen) status = { ...status, listen };
      await supervisor.start();
    },
    status: () => status,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  return supervisor;
}
