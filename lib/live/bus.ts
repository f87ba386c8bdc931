import { EventEmitter } from "node:events";

/**
 * Hints that something changed, so that an open page asks again. Never a source of truth: a page that missed one is right at its next request.
 * On `globalThis` because Next bundles pages, routes and the server apart from each other. "cluster" is anything about members, many times a minute;
 * "members" is only that one was disabled, enabled, paused or resumed, which receipts tell as well. "many-zones" stands for zones that are not named one by one
 * (publish-zones). "audit" is found by looking (lib/events/change-watch).
 */
export type LiveTopic =
  | "zones"
  | "many-zones"
  | "cluster"
  | "members"
  | "sync"
  | "nameserver"
  | "notices"
  | "tokens"
  | "audit"
  | `zone:${string}`;

interface Bus {
  readonly events: EventEmitter;
  /** When a topic was last published, the latest one last. */
  readonly recent: Map<LiveTopic, number>;
}

const holder = globalThis as typeof globalThis & { __zonefleetBus?: Bus };
holder.__zonefleetBus ??= { events: new EventEmitter().setMaxListeners(0), recent: new Map() };
const { events, recent } = holder.__zonefleetBus;

/** How long a page may take from its making to its live connection and be told what it missed, in ms. */
export const REMEMBERED_MS = 60_000;

export function publish(topic: LiveTopic): void {
  const now = performance.now();
  recent.delete(topic);
  recent.set(topic, now);
  for (const [oldest, at] of recent) {
    if (now - at < REMEMBERED_MS) break;
    recent.delete(oldest);
  }
  events.emit("live", topic);
}

/** Topics that were published within the last `ms`. */
export function publishedWithin(ms: number): LiveTopic[] {
  const since = performance.now() - ms;
  return [...recent].filter(([, at]) => at >= since).map(([topic]) => topic);
}

/** @returns the function that ends the subscription. */
export function subscribe(listener: (topic: LiveTopic) => void): () => void {
  events.on("live", listener);
  return () => events.off("live", listener);
}
