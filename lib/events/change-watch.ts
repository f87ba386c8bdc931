import type { Context } from "@/lib/context";
import { sql } from "@/lib/db/database";
import { type LiveTopic, publish, subscribe } from "@/lib/live/bus";
import { logger } from "@/lib/logger";
import { writtenElsewhere } from "./elsewhere";

const log = logger("live");

/** How often the change sequence is read while somebody listens, in ms. */
const INTERVAL = 2_000;

/** Names told one by one; more than these are one poke of the list. */
const TOLD = 200;

type Figure = number | bigint;

/**
 * Tells listeners of this process about zone changes that another process made on the same database (a second panel or engine): reads the change
 * sequence every two seconds, and on PostgreSQL what else others write, and publishes what nobody here published meanwhile. The same look finds that something was audited, wherever that was: a hint
 * from the transaction itself would come before its commit.
 */
class ChangeWatch {
  #watchers = 0;
  #timer: NodeJS.Timeout | undefined;
  #unsubscribe = () => {};
  /** Topics that this process published since the last look. */
  #told = new Set<string>();
  #seen: { readonly seq: number; readonly audit: number; readonly written: ReadonlyMap<LiveTopic, string> } | null =
    null;

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
    const [row] = await this.ctx.db.client.$queryRaw<{ seq: Figure; audit: Figure | null }[]>(sql`
      SELECT "value" AS "seq", (SELECT max("id") FROM "AuditEvent") AS "audit" FROM "ChangeSequence" WHERE "id" = 1`);
    const written = await writtenElsewhere(this.ctx.db);
    const before = this.#seen;
    const now = { written, seq: Number(row?.seq ?? 0), audit: Number(row?.audit ?? 0) };
    this.#seen = now;
    if (before === null) return;
    if (now.audit !== before.audit) publish("audit");
    for (const [topic, state] of written) {
      if (state === before.written.get(topic) || told.has(topic)) continue;
      publish(topic);
      this.#told.delete(topic);
    }
    if (now.seq !== before.seq) await this.#tellZones(before.seq, told);
  }

  async #tellZones(before: number, told: ReadonlySet<string>): Promise<void> {
    const changed = await this.ctx.db.client.$queryRaw<{ name: string }[]>(
      sql`SELECT "name" FROM "Zone" WHERE "changeSeq" > ${before} ORDER BY "changeSeq" DESC LIMIT ${TOLD}`,
    );
    const untold = changed.filter(({ name }) => !told.has(`zone:${name}`));
    if (untold.length === 0 || (told.has("zones") && untold.length === TOLD)) return;
    publish("zones");
    if (changed.length === TOLD) publish("many-zones");
    for (const { name } of untold) publish(`zone:${name}`);
    // What was just published came from here: it is not to be taken for another's at the next look.
    this.#told.clear();
  }
}

/** One watch a database and process. */
const holder = globalThis as typeof globalThis & { __zonefleetWatches?: WeakMap<object, ChangeWatch> };
holder.__zonefleetWatches ??= new WeakMap();
const watches = holder.__zonefleetWatches;

/** Watches until the returned function is called. */
export function watchChanges(ctx: Pick<Context, "db">): () => void {
  const watch = watches.get(ctx.db) ?? new ChangeWatch(ctx);
  watches.set(ctx.db, watch);
  return watch.start();
}
