import type { UserActor } from "@/lib/access/actor";
import type { Context } from "@/lib/context";
import type { LiveTopic } from "@/lib/live/bus";
import { logger } from "@/lib/logger";
import { accountFeed } from "./account-feed";

const log = logger("live");

/** A sign of life: keeps proxies from closing the connection, tells the page that it still hears, and finds out that a session ended, in ms. */
const BEAT_MS = 20_000;

/**
 * Goes before the first word. Proxies and virus scanners that wait for the first two kilobytes of an answer let go of it then; behind one that waits for the
 * whole answer nothing arrives, which the page finds out (components/live/live-connection).
 */
const PADDING = `:${" ".repeat(2_048)}\n\n`;

interface EventStreamOptions {
  readonly actor: UserActor;
  readonly topics: ReadonlySet<LiveTopic>;
  /** Ends the stream: the browser left. */
  readonly signal: AbortSignal;
  /** How long ago the page was made that connects now, in ms: what was published since then is told first. 0: nothing was missed; null: anything may have been. */
  readonly ageMs?: number | null;
  /** Asked at every beat; the stream ends when it says no. */
  readonly isStillSignedIn: () => Promise<boolean>;
}

/**
 * Server-sent events (WHATWG HTML §9.2): the name of a topic for every change of it, and "beat" at once and every twenty seconds. Holds one place in the account's feed until it ends.
 */
export function eventStream(ctx: Pick<Context, "db">, options: EventStreamOptions): ReadableStream<Uint8Array> {
  const { actor, topics, signal, ageMs = 0, isStillSignedIn } = options;
  const encoder = new TextEncoder();
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
      const beat = () => send("event: beat\ndata: on\n\n");
      const beatIfSignedIn = async () => {
        try {
          if (!(await isStillSignedIn())) end();
          else if (!isOver) beat();
        } catch (error) {
          log.warn("A live connection was ended: it could not be served", { error });
          end();
        }
      };
      const timer = setInterval(() => void beatIfSignedIn(), BEAT_MS);
      closers.push(() => clearInterval(timer));
      signal.addEventListener("abort", () => end(), { once: true });
      send(PADDING);
      const tell = (told: readonly LiveTopic[]) => {
        if (!isOver) send(told.map((topic) => `data: ${topic}\n\n`).join(""));
      };
      closers.push(accountFeed(ctx, actor).listen({ topics, tell, fail: () => end() }, ageMs));
      beat();
      if (signal.aborted) end();
    },
    cancel: () => end(),
  });
}
