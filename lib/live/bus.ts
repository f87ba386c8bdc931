import { EventEmitter } from "node:events";

/**
 * Hints that something changed, so that an open page asks again. Never a source of truth: a page that missed one is right at its next request.
 * On `globalThis` because Next bundles pages, routes and the server apart from each other. "cluster" is anything about members, many times a minute;
 * "members" is only that one was disabled, enabled, paused or resumed, which receipts tell as well.
 */
export type LiveTopic = "zones" | "cluster" | "members" | "sync" | "nameserver" | "notices" | `zone:${string}`;

const holder = globalThis as typeof globalThis & { __zonefleetBus?: EventEmitter; __zonefleetRecent?: Recent };
type Recent = Map<LiveTopic, number>;
holder.__zonefleetBus ??= new EventEmitter().setMaxListeners(0);
holder.__zonefleetRecent ??= new Map();
const bus = holder.__zonefleetBus;
/** When a topic was last published, the latest one last. */
const recent = holder.__zonefleetRecent;

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
  bus.emit("live", topic);
}

/** Topics that were published within the last `ms`. */
export function publishedWithin(ms: number): LiveTopic[] {
  const since = performance.now() - ms;
  return [...recent].filter(([, at]) => at >= since).map(([topic]) => topic);
}

/** @returns the function that ends the subscription. */
export function subscribe(listener: (topic: LiveTopic) => void): () => void {
  bus.on("live", listener);
  return () => bus.off("live", listener);
}
