import type { Context } from "@/lib/context";
import { sql } from "@/lib/db/database";
import { currentSequence } from "@/lib/db/sequence";
import { publish, subscribe } from "@/lib/live/bus";
import { logger } from "@/lib/logger";

const log = logger("live");

/** How often the change sequence is read while somebody listens, in ms. */
const INTERVAL = 2_000;

/** Names told one by one; more than these are one poke of the list. */
const TOLD = 200;

/**
 * Tells listeners of this process about zone changes that another process made on the same database (a second panel or engine): reads the change
 * sequence every two seconds and publishes what nobody here published meanwhile.
 */
class ChangeWatch {
  #watchers = 0;
  #timer: NodeJS.Timeout | undefined;
  #unsubscribe = () => {};
  /** Topics that this process published since the last look. */
  #told = new Set<string>();
  #seen: number | null = null;

  constructor(readonly ctx: Pick<Context, "db">) {}

  /** @returns the function that ends watching; the last one stops the timer. */
  start(): () => void {
    if (this.#watchers++ === 0) {
      this.#unsubscribe = subscribe((topic) => this.#told.add(topic));
      this.#timer = setInterval(() => void this.#tick(), INTERVAL).unref();
      void this.#tick();
    }
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      if (--this.#watchers > 0) return;
      clearInterval(this.#timer);
      this.#unsubscribe();
      this.#seen = null;
    };
  }

  async #tick(): Promise<void> {
    try {
      await this.look();
    } catch (error) {
      // The next look comes in two seconds, and pages are right at their next request anyway.
      log.warn("The change sequence could not be read", { error });
    }
  }

  async look(): Promise<void> {
    const told = this.#told;
    this.#told = new Set();
    const value = await currentSequence(this.ctx.db.client);
    const before = this.#seen;
    this.#seen = value;
    if (before === null || value === before) return;
    const changed = await this.ctx.db.client.$queryRaw<{ name: string }[]>(
      sql`SELECT "name" FROM "Zone" WHERE "changeSeq" > ${before} ORDER BY "changeSeq" DESC LIMIT ${TOLD}`,
    );
    const untold = changed.filter(({ name }) => !told.has(`zone:${name}`));
    if (untold.length === 0 || (told.has("zones") && untold.length === TOLD)) return;
    publish("zones");
    for (const { name } of untold) publish(`zone:${name}`);
    // What was just published came from here: it is not to be taken for another's at the next look.
    this.#told.clear();
  }
}

/** One watch a database and process. */
const watches = new WeakMap<object, ChangeWatch>();

/** Watches until the returned function is called. */
export function watchChanges(ctx: Pick<Context, "db">): () => void {
  const watch = watches.get(ctx.db) ?? new ChangeWatch(ctx);
  watches.set(ctx.db, watch);
  return watch.start();
}
