import type { UserActor } from "@/lib/access/actor";
import type { Context } from "@/lib/context";
import type { Database } from "@/lib/db/database";
import { randomAlphanumeric } from "@/lib/ids";
import { type LiveTopic, publishedWithin, subscribe } from "@/lib/live/bus";
import { logger } from "@/lib/logger";
import { watchChanges } from "./change-watch";
import { createTellingPace, type TellingPace } from "./telling-pace";
import { createTopicFilter, isAboutZones, type TopicFilter } from "./topic-filter";

const log = logger("live");

/** Hints that come within so many ms are told together: the steps of one edit are a few of them, and the engine's own work goes on meanwhile. */
const GATHER_MS = 25;
/** Least time between two looks at how all zones of an account are served, in ms; pages take no more either. */
export const MANY_MS = 5_000;
/** A tab that polls comes again within this time, or it is gone, in ms. */
const POLLED_MS = 60_000;
/** From page to page a tab closes its stream and opens another one: what happens in between is not missed, in ms. */
const LINGER_MS = 5_000;
/** Topics whose last telling is remembered one by one. */
const REMEMBERED = 2_000;

/** An open stream. */
export interface FeedListener {
  readonly topics: ReadonlySet<LiveTopic>;
  readonly tell: (topics: readonly LiveTopic[]) => void;
  /** The feed cannot say any more what changed: the tab is to connect again. */
  readonly fail: () => void;
}

/**
 * What the tabs of one account hear of. Whatever their number, a hint is held against the account once, and hints that come together are one look: tabs cost
 * a write each, and no statement. Many take turns, and what comes meanwhile is told with the rest. It lives while a stream is open or a tab has polled of late, and costs nothing otherwise.
 */
export class AccountFeed {
  readonly #id = randomAlphanumeric(12);
  readonly #filter: TopicFilter;
  readonly #isRoot: boolean;
  readonly #listeners = new Set<FeedListener>();
  /** What waits for a listener's turn. */
  readonly #untold = new Map<FeedListener, Set<LiveTopic>>();
  /** How many listeners want a topic, and which topics were polled. */
  readonly #wanted = new Map<LiveTopic, number>();
  readonly #polled = new Set<LiveTopic>();
  /** The latest one last. `at`: when the telling began, or when a listener left before its turn came. */
  readonly #told = new Map<LiveTopic, { version: number; at: number }>();
  readonly #closers: readonly (() => void)[];
  #version = 0;
  /** The newest version among those that are not remembered one by one. */
  #floor = 0;
  /** Until when it goes on without a listener, by `performance.now()`. */
  #lastsUntil = 0;
  #pending = new Set<LiveTopic>();
  #timer: NodeJS.Timeout | undefined;
  #isTelling = false;
  #rest: NodeJS.Timeout | undefined;
  /** When "many-zones" may be looked at again, by `performance.now()`, and the look that waits for it. */
  #manyFrom = 0;
  #manyTimer: NodeJS.Timeout | undefined;

  /** @param onEnd nobody is there any more */
  constructor(
    ctx: Pick<Context, "db">,
    actor: UserActor,
    readonly pace: TellingPace,
    readonly onEnd: () => void,
  ) {
    this.#isRoot = actor.role === "root";
    this.#filter = createTopicFilter(ctx, actor, (topic) => this.#isWanted(topic));
    this.#closers = [watchChanges(ctx), subscribe((topic) => this.#gather(topic))];
  }

  get size(): number {
    return this.#listeners.size;
  }

  /**
   * @param ageMs how long ago the page was made that listens now: what was told since is told at once; null: nobody knows, and all of it is told in turn
   * @returns the function that ends it
   */
  listen(listener: FeedListener, ageMs: number | null): () => void {
    // What nobody wanted before was not held against the account when it was published.
    const isNew = new Set([...listener.topics].filter((topic) => !this.#isWanted(topic)));
    this.#listeners.add(listener);
    for (const topic of listener.topics) this.#wanted.set(topic, (this.#wanted.get(topic) ?? 0) + 1);
    if (ageMs === null) this.#tellInTurn(listener, [...listener.topics]);
    else this.#tellMissed(listener, ageMs, isNew);
    return () => this.#leave(listener);
  }

  #tellMissed(listener: FeedListener, ageMs: number, isNew: ReadonlySet<LiveTopic>): void {
    const since = performance.now() - ageMs;
    // With many tabs a hint takes longer to go round than a tab looks back: the stream of before may not have heard it yet, and may not have ended either.
    const onTheirWay = new Set([...this.#untold.values()].flatMap((topics) => [...topics]));
    const told = [...listener.topics].filter(
      (topic) => onTheirWay.has(topic) || (this.#told.get(topic)?.at ?? Number.NEGATIVE_INFINITY) >= since,
    );
    for (const topic of publishedWithin(ageMs))
      if (isNew.has(topic) || (isNew.has("zones") && isAboutZones(topic))) this.#gather(topic);
    if (ageMs > 0 && told.length > 0) listener.tell(told);
  }

  /** A version for each topic: another one than before means that something of it changed, or may have. */
  versions(topics: ReadonlySet<LiveTopic>): Record<string, string> {
    this.#last(POLLED_MS);
    for (const topic of topics) this.#polled.add(topic);
    const entries = [...topics].map((topic) => [topic, `${this.#id}.${this.#told.get(topic)?.version ?? this.#floor}`]);
    return Object.fromEntries(entries);
  }

  #isWanted(topic: LiveTopic): boolean {
    return this.#wanted.has(topic) || this.#polled.has(topic);
  }

  #leave(listener: FeedListener): void {
    if (!this.#listeners.delete(listener)) return;
    this.#keepUntold(listener);
    for (const topic of listener.topics) {
      const left = (this.#wanted.get(topic) ?? 1) - 1;
      if (left > 0) this.#wanted.set(topic, left);
      else this.#wanted.delete(topic);
    }
    this.#last(LINGER_MS);
  }

  /** What a listener did not hear before it left is told to the stream that its tab opens next. */
  #keepUntold(listener: FeedListener): void {
    const at = performance.now();
    for (const topic of this.#untold.get(listener) ?? []) {
      const told = this.#told.get(topic);
      if (told) told.at = at;
      else this.#told.set(topic, { version: this.#floor, at });
    }
    this.#untold.delete(listener);
  }

  /** Somebody was here and may be again. */
  #last(ms: number): void {
    this.#lastsUntil = Math.max(this.#lastsUntil, performance.now() + ms);
    this.#settle();
  }

  /** Ends the feed once nobody is there. */
  #settle(): void {
    clearTimeout(this.#rest);
    if (this.#listeners.size > 0) return;
    const left = this.#lastsUntil - performance.now();
    if (left <= 0) this.#end();
    else this.#rest = setTimeout(() => this.#settle(), left).unref();
  }

  #end(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#manyTimer);
    for (const close of this.#closers) close();
    this.onEnd();
  }

  #gather(topic: LiveTopic): void {
    const isOfUse = this.#isWanted(topic) || (!this.#isRoot && isAboutZones(topic) && this.#isWanted("zones"));
    if (!isOfUse || (topic === "many-zones" && !this.#isRoot && this.#isTooSoon())) return;
    this.#pending.add(topic);
    if (!this.#isTelling) this.#timer ??= setTimeout(() => void this.#tellPending(), GATHER_MS);
  }

  /** For an account that is not root's all of its zones are looked at then, and a bulk says so all the time: the last word is not lost. */
  #isTooSoon(): boolean {
    const now = performance.now();
    if (now >= this.#manyFrom) {
      this.#manyFrom = now + MANY_MS;
      return false;
    }
    this.#manyTimer ??= setTimeout(() => {
      this.#manyTimer = undefined;
      this.#gather("many-zones");
    }, this.#manyFrom - now);
    return true;
  }

  async #tellPending(): Promise<void> {
    this.#timer = undefined;
    this.#isTelling = true;
    const published = this.#pending;
    this.#pending = new Set();
    try {
      this.#tell(await this.#filter(published));
    } catch (error) {
      log.warn("Live connections were ended: what changed could not be looked up", { error });
      for (const { fail } of [...this.#listeners]) fail();
      // Tabs that poll are told that something may have changed.
      this.#tell([...this.#polled]);
    } finally {
      this.#isTelling = false;
      if (this.#pending.size > 0) this.#timer ??= setTimeout(() => void this.#tellPending(), GATHER_MS);
    }
  }

  #tell(topics: readonly LiveTopic[]): void {
    if (topics.length === 0) return;
    const at = performance.now();
    this.#version++;
    for (const topic of topics) {
      this.#told.delete(topic);
      this.#told.set(topic, { version: this.#version, at });
    }
    for (const [oldest, { version }] of this.#told) {
      if (this.#told.size <= REMEMBERED) break;
      this.#told.delete(oldest);
      // One that was kept for a listener that left may have an older version than those before it.
      this.#floor = Math.max(this.#floor, version);
    }
    for (const listener of [...this.#listeners]) {
      const wanted = topics.filter((topic) => listener.topics.has(topic));
      if (wanted.length > 0) this.#tellInTurn(listener, wanted);
    }
  }

  #tellInTurn(listener: FeedListener, topics: readonly LiveTopic[]): void {
    const waiting = this.#untold.get(listener);
    for (const topic of topics) waiting?.add(topic);
    if (waiting) return;
    this.#untold.set(listener, new Set(topics));
    this.pace.add(() => {
      const untold = this.#untold.get(listener);
      this.#untold.delete(listener);
      if (untold) listener.tell([...untold]);
      return untold !== undefined;
    });
  }
}

/** The feeds of a database's accounts: their tabs take turns with each other. */
interface Feeds {
  readonly pace: TellingPace;
  readonly byAccount: Map<string, AccountFeed>;
}

const holder = globalThis as typeof globalThis & { __zonefleetFeeds?: WeakMap<Database, Feeds> };
holder.__zonefleetFeeds ??= new WeakMap();
const feedsOf = holder.__zonefleetFeeds;

function feedsAt({ db }: Pick<Context, "db">): Feeds {
  const feeds = feedsOf.get(db) ?? { pace: createTellingPace(), byAccount: new Map() };
  feedsOf.set(db, feeds);
  return feeds;
}

/** The feed of the actor's account; root's is everybody's with that role. */
export function accountFeed(ctx: Pick<Context, "db">, actor: UserActor): AccountFeed {
  const { pace, byAccount } = feedsAt(ctx);
  const key = actor.role === "root" ? "root" : String(actor.userId);
  const feed = byAccount.get(key) ?? new AccountFeed(ctx, actor, pace, () => byAccount.delete(key));
  byAccount.set(key, feed);
  return feed;
}
