import type { Context } from "@/lib/context";
import { errorMessage } from "@/lib/errors";
import { logger } from "@/lib/logger";
import { createOutageWatch, type Outage } from "@/lib/nameserver/outage-watch";
import type { NameserverStatus } from "@/lib/nameserver/status";
import { beginEpisode, begunFacts, endEpisode, type Watched } from "@/lib/notifications/episodes";

const log = logger("nameserver");

const LOOK_MS = 5_000;
const DOWN_MS = 60_000;
const UP_MS = 30_000;

const WATCHED: Watched<"nameserver-down"> = { event: "nameserver-down", key: "nameserver", ownerId: null };

/** Tells root when the supervised nameserver is down for longer than a minute, and when it is back. @returns the function that ends it */
export function tellOutages(ctx: Context, status: () => NameserverStatus): () => void {
  const look = lookForOutages(ctx, status);
  const timer = setInterval(() => void look(), LOOK_MS);
  return () => clearInterval(timer);
}

/**
 * What the database does not take, because its disk is full or somebody has it locked, is told at a later look: the watch says it once.
 * @returns a function that looks once. It never rejects
 */
export function lookForOutages(ctx: Context, status: () => NameserverStatus): () => Promise<void> {
  const watch = createOutageWatch({ downMs: DOWN_MS, upMs: UP_MS });
  const untold: { readonly news: Outage; readonly seen: NameserverStatus }[] = [];
  let isTelling = false;
  return async () => {
    const seen = status();
    // Without an address there is none: the server is not set up yet.
    if (seen.listen.length === 0) return;
    const news = watch(seen.state === "running", ctx.clock.now());
    if (news) untold.push({ news, seen });
    // One look may still be writing at the next: an episode is told once where its begin and its end come one after the other.
    if (isTelling) return;
    isTelling = true;
    try {
      for (let next = untold[0]; next; next = untold[0]) {
        await tellOutage(ctx, next.news, next.seen);
        untold.shift();
      }
    } catch (error) {
      log.warn("An outage cannot be told of yet.", { reason: errorMessage(error) });
    } finally {
      isTelling = false;
    }
  };
}

/** Writes down what people are to be told of it. An episode that an earlier start of the panel began is ended by this one. */
export async function tellOutage(ctx: Context, { state, since }: Outage, status: NameserverStatus): Promise<void> {
  const listen = status.listen.map(({ address, port }) => `${address}@${port}`).join(", ");
  await ctx.db.transaction(async (tx) => {
    if (state === "down") {
      const cause = status.reason ?? "Knot keeps stopping. Its log is knot.log in the data directory.";
      return beginEpisode(tx, ctx, WATCHED, { cause, since, listen });
    }
    const begun = await begunFacts(tx, WATCHED);
    if (begun === null) return;
    await endEpisode(tx, ctx, WATCHED, { event: "nameserver-back", facts: { downSince: begun.since } });
  });
}
