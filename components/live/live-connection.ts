import type { LiveTopic } from "@/lib/live/bus";
import { startPolling } from "./live-poll";
import { openStream } from "./live-stream";
import { takeSeat } from "./stream-seat";

/**
 * How a page hears of changes, whatever the number of components that listen: one stream of events, and questions now and then where no event gets through.
 *
 *     nobody listens, or the tab is hidden: nothing
 *        │
 *        ▼                 first word
 *     connecting ── stream ─────────────► live ── broke off, or silent ──┐
 *        ▲            └─ refused, no word ──► polls until a stream speaks ◄┘   (polling; offline while nobody answers)
 *        └──── a stream is tried again after 1 s, 2 s … 60 s, and at once when the server answers again ────┘
 *
 * A stream says how old what the page shows is, and is told what happened since; one that opens again after it may have missed anything is told of everything,
 * when its turn has come among many tabs. What is told between the making of a page and its being shown, while the stream stays, reaches the page before: whoever begins to listen is poked for it.
 */
interface Listener {
  readonly topics: readonly LiveTopic[];
  readonly poke: () => void;
}

export type LiveState = "connecting" | "live" | "polling" | "offline";

/** How long a page may take from its making on the server until it is shown, in ms; what was told meanwhile, it may not hold. */
const ARRIVAL_MS = 10_000;
/** The server remembers a minute (lib/live/bus), less what the question takes to get there. */
const TELLABLE_MS = 50_000;
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 60_000;

const listeners = new Set<Listener>();
/** When a topic was last told, by `performance.now()`. */
const told = new Map<string, number>();
const stateListeners = new Set<() => void>();
const nothing = () => {};
let state: LiveState = "connecting";
let openTopics = "";
let closeStream = nothing;
let endPolling: (() => void) | null = null;
let retry: ReturnType<typeof setTimeout> | undefined;
/** Streams in a row that did not say a word. */
let failures = 0;
/** Counts what makes an attempt that is under way one of before. */
let turn = 0;
/** How old what the page shows may be when the next stream opens, in ms: what happened since is told first. null: it may have missed anything. */
let age: (() => number) | null = pageAge;
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

function tell(topics: readonly string[]): void {
  for (const topic of topics) told.set(topic, performance.now());
  for (const listener of listeners) if (listener.topics.some((wanted) => topics.includes(wanted))) listener.poke();
}

/** Time since the server began to make this page, at most, in ms. */
function pageAge(): number {
  const [navigation] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  return Math.ceil(performance.now() - (navigation?.requestStart ?? 0));
}

function disconnect(): void {
  turn++;
  clearTimeout(retry);
  closeStream();
  closeStream = nothing;
  endPolling?.();
  endPolling = null;
}

/** Begins anew when what is wanted changed. */
function connect(): void {
  scheduled = false;
  const topics = wantedTopics();
  if (topics === openTopics) return;
  disconnect();
  openTopics = topics;
  // From page to page the stream is closed for a moment only; a hidden tab may miss anything.
  if (state === "live" && topics !== "") age = () => ARRIVAL_MS;
  else if (age !== pageAge) age = null;
  setState("connecting");
  if (topics === "") return;
  // Where the last streams said nothing the next one will hardly do, and whoever looks need not wait for it.
  if (failures > 0) lose();
  else void tryStream();
}

async function tryStream(): Promise<void> {
  const mine = ++turn;
  const release = await takeSeat();
  if (mine !== turn) return release?.();
  if (!release) return lose();
  const ageMs = age?.() ?? null;
  const close = openStream(openTopics, ageMs !== null && ageMs <= TELLABLE_MS ? ageMs : null, {
    onBeat: () => {
      if (state !== "live") onLive();
    },
    onTopic: (topic) => tell([topic]),
    onLost: () => {
      release();
      closeStream = nothing;
      lose();
    },
  });
  closeStream = () => {
    close();
    release();
  };
}

function onLive(): void {
  failures = 0;
  age = null;
  endPolling?.();
  endPolling = null;
  setState("live");
}

/** No stream now: asks instead, and tries another one later. */
function lose(): void {
  age = null;
  const wait = Math.min(FIRST_RETRY_MS * 2 ** failures++, LONGEST_RETRY_MS);
  clearTimeout(retry);
  // Not all tabs at once, when their server comes back.
  retry = setTimeout(() => void tryStream(), wait * (0.75 + Math.random() / 2));
  if (state === "live") setState("connecting");
  endPolling ??= startPolling(openTopics, {
    onAnswer: (changed) => {
      const isBack = state === "offline";
      setState("polling");
      tell(changed);
      if (isBack) tryAtOnce();
    },
    onFailure: () => setState("offline"),
  });
}

/** The server was away, and with it the stream: it may speak again at once. */
function tryAtOnce(): void {
  clearTimeout(retry);
  closeStream();
  closeStream = nothing;
  failures = 0;
  void tryStream();
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

/** Whether the server answered a moment ago. While it does not, nothing is to be asked: whoever listens is poked when it is back. */
export function isHeard(): boolean {
  return state === "live" || state === "polling";
}

/** For useSyncExternalStore: whether and how pages hear of changes at the moment. */
export const liveState = {
  subscribe(listener: () => void): () => void {
    stateListeners.add(listener);
    return () => stateListeners.delete(listener);
  },
  get: (): LiveState => state,
  getOnServer: (): LiveState => "connecting",
};
