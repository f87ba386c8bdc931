import type { Context } from "./context";
import type { Metrics } from "./metrics/registry";
import type { NameserverStatus } from "./nameserver/status";

/** The one running server of this process. The server sets it before Next is prepared; pages, actions and routes read it. */
export interface Runtime extends Context {
  /** State of the supervised nameserver. */
  readonly nameserver: () => NameserverStatus;
  /** Milliseconds since the engine looked for work the last time; it does so every second. */
  readonly engineIdleMs: () => number;
  readonly metrics: Metrics;
  /** The one-time code that first start asks for in the browser; null once root has a password. */
  readonly setupCode: () => string | null;
}

const holder = globalThis as typeof globalThis & { __zonefleetRuntime?: Runtime };

export function setRuntime(runtime: Runtime): void {
  holder.__zonefleetRuntime = runtime;
}

/** @throws Error when called outside of a running server. */
export function runtime(): Runtime {
  if (!holder.__zonefleetRuntime)
    throw new Error("The server has not started: use npm start or npm run dev, not next alone.");
  return holder.__zonefleetRuntime;
}
