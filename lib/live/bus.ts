import { EventEmitter } from "node:events";

/**
 * Hints that something changed, so that an open page asks again. Never a source of truth: a page that missed one is right at its next request.
 * On `globalThis` because Next bundles pages, routes and the server apart from each other.
 */
export type LiveTopic = "zones" | "cluster" | "sync" | "nameserver" | `zone:${string}`;

const holder = globalThis as typeof globalThis & { __zonefleetBus?: EventEmitter };
holder.__zonefleetBus ??= new EventEmitter().setMaxListeners(0);
const bus = holder.__zonefleetBus;

export function publish(topic: LiveTopic): void {
  bus.emit("live", topic);
}

/** @returns the function that ends the subscription. */
export function subscribe(listener: (topic: LiveTopic) => void): () => void {
  bus.on("live", listener);
  return () => bus.off("live", listener);
}
