import type { LiveTopic } from "@/lib/live/bus";

/**
 * One connection a page to /api/events, whatever the number of components that listen. It is closed while nobody listens or the tab is hidden:
 * browsers allow six HTTP/1.1 connections a host over all tabs. Whoever listens is poked when it opens again, as it may have missed something; the
 * first connection says how old the page is, and is told what happened since. What is told between the making of a page and its being shown, while the
 * connection stays, reaches the page before: whoever begins to listen is poked for it.
 */
interface Listener {
  readonly topics: readonly LiveTopic[];
  readonly poke: () => void;
}

export type LiveState = "connecting" | "open" | "closed";

/** How long a page may take from its making on the server until it is shown, in ms; what was told meanwhile, it may not hold. */
const ARRIVAL_MS = 10_000;

const listeners = new Set<Listener>();
/** When a topic was last told, by `performance.now()`. */
const told = new Map<string, number>();
const stateListeners = new Set<() => void>();
let source: EventSource | null = null;
let openTopics = "";
let state: LiveState = "closed";
let hasMissed = false;
let isFirst = true;
let scheduled = false;

function setState(next: LiveState): void {
  if (state === next) return;
  state = next;
  for (const listener of stateListeners) listener();
}

function wantedTopics(): string {
  if (document.hidden) return "";
  return [...new Set([...listeners].flatMap((listener) => listener.topics))].sort().join(",");
}

function disconnect(): void {
  if (!source) return;
  source.close();
  source = null;
  hasMissed = true;
  setState("closed");
}

/** Time since the server began to make this page, at most, in ms. */
function pageAge(): number {
  const [navigation] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  return Math.ceil(performance.now() - (navigation?.requestStart ?? 0));
}

function connect(): void {
  scheduled = false;
  const topics = wantedTopics();
  if (source && topics === openTopics && source.readyState !== EventSource.CLOSED) return;
  disconnect();
  openTopics = topics;
  if (topics === "") return;
  setState("connecting");
  const age = isFirst ? pageAge() : 0;
  isFirst = false;
  const opened = new EventSource(`/api/events?topics=${encodeURIComponent(topics)}&age=${age}`);
  source = opened;
  opened.onopen = () => {
    setState("open");
    if (hasMissed) for (const listener of listeners) listener.poke();
    hasMissed = false;
  };
  opened.onerror = () => {
    // The browser tries again by itself unless the server refused; then the page's next request tells why.
    hasMissed = true;
    setState(opened.readyState === EventSource.CLOSED ? "closed" : "connecting");
  };
  opened.onmessage = (event) => {
    const topic = String(event.data);
    told.set(topic, performance.now());
    for (const listener of listeners) if (listener.topics.some((wanted) => wanted === topic)) listener.poke();
  };
}

/** Components come and go in bursts (a page change): one reconnect for all. */
function schedule(): void {
  if (scheduled) return;
  scheduled = true;
  setTimeout(connect, 50);
}

/** @returns the function that ends the subscription. */
export function listen(topics: readonly LiveTopic[], poke: () => void): () => void {
  if (listeners.size === 0) document.addEventListener("visibilitychange", schedule);
  const listener = { topics, poke };
  listeners.add(listener);
  const since = performance.now() - ARRIVAL_MS;
  if (topics.some((topic) => (told.get(topic) ?? Number.NEGATIVE_INFINITY) >= since)) poke();
  schedule();
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) document.removeEventListener("visibilitychange", schedule);
    schedule();
  };
}

/** For useSyncExternalStore: whether pages hear of changes at the moment. */
export const liveState = {
  subscribe(listener: () => void): () => void {
    stateListeners.add(listener);
    return () => stateListeners.delete(listener);
  },
  get: (): LiveState => state,
  getOnServer: (): LiveState => "connecting",
};
