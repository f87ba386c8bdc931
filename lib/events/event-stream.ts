import type { UserActor } from "@/lib/access/actor";
import type { Context } from "@/lib/context";
import { type LiveTopic, publishedWithin, subscribe } from "@/lib/live/bus";
import { logger } from "@/lib/logger";
import { watchChanges } from "./change-watch";
import { topicFilter } from "./topic-filter";

const log = logger("live");

/** A sign of life: keeps proxies from closing the connection and finds out that a session ended, in ms. */
const HEARTBEAT = 20_000;

interface EventStreamOptions {
  readonly actor: UserActor;
  readonly topics: ReadonlySet<LiveTopic>;
  /** Ends the stream: the browser left. */
  readonly signal: AbortSignal;
  /** How long ago the page was made that connects now, in ms: what was published since then is told first. 0: nothing was missed. */
  readonly ageMs?: number;
  /** Asked at every heartbeat; the stream ends when it says no. */
  readonly isStillSignedIn: () => Promise<boolean>;
}

/** Server-sent events (WHATWG HTML §9.2): the name of a topic for every change of it. Holds one subscription of the bus until it ends. */
export function eventStream(ctx: Pick<Context, "db">, options: EventStreamOptions): ReadableStream<Uint8Array> {
  const { actor, topics, signal, ageMs = 0, isStillSignedIn } = options;
  const encoder = new TextEncoder();
  const filter = topicFilter(ctx, actor, topics);
  let end = () => {};
  return new ReadableStream({
    start(controller) {
      const send = (text: string) => controller.enqueue(encoder.encode(text));
      const closers: (() => void)[] = [];
      let isOver = false;
      end = () => {
        if (isOver) return;
        isOver = true;
        for (const close of closers) close();
        controller.close();
      };
      const guarded = (work: () => Promise<void>) => () => {
        work().catch((error: unknown) => {
          log.warn("A live connection was ended: it could not be served", { error });
          end();
        });
      };
      const beat = guarded(async () => {
        if (!(await isStillSignedIn())) end();
        else if (!isOver) send(": still here\n\n");
      });
      const timer = setInterval(beat, HEARTBEAT);
      closers.push(() => clearInterval(timer), watchChanges(ctx));
      const tell = (topic: LiveTopic) =>
        guarded(async () => {
          for (const told of await filter(topic)) if (!isOver) send(`data: ${told}\n\n`);
        })();
      closers.push(subscribe(tell));
      signal.addEventListener("abort", end, { once: true });
      closers.push(() => signal.removeEventListener("abort", end));
      // Browsers wait this long before they connect again, in ms.
      send("retry: 2000\n\n");
      if (signal.aborted) return end();
      for (const missed of publishedWithin(ageMs)) tell(missed);
    },
    cancel: () => end(),
  });
}
