/** Between two questions while things change, and at most, in ms. */
const SOON_MS = 2_000;
const LATE_MS = 15_000;
/** How much later the next one comes when nothing changed, or nobody answered. */
const LATER = 1.5;
/** A question that is not answered within this time failed, in ms. */
const LIMIT_MS = 10_000;

export interface PollEvents {
  /** Answered. `changed` are the topics of which something changed since the last answer; at the first one all of them, as nothing is known. */
  readonly onAnswer: (changed: readonly string[]) => void;
  readonly onFailure: () => void;
}

interface PollReply {
  readonly versions: Readonly<Record<string, string>>;
}

/**
 * Asks /api/events/poll again and again what changed.
 * @returns the function that ends it
 */
export function startPolling(topics: string, { onAnswer, onFailure }: PollEvents): () => void {
  const abort = new AbortController();
  let known: Readonly<Record<string, string>> = {};
  let waitMs = SOON_MS;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function ask(): Promise<void> {
    const reply = await pollReply(topics, abort.signal);
    if (abort.signal.aborted) return;
    const before = known;
    known = reply?.versions ?? known;
    const changed = Object.keys(known).filter((topic) => known[topic] !== before[topic]);
    waitMs = changed.length > 0 ? SOON_MS : Math.min(waitMs * LATER, LATE_MS);
    // Not all tabs at once: they may have begun together, when their server was restarted.
    timer = setTimeout(() => void ask(), waitMs * (0.75 + Math.random() / 2));
    if (reply) onAnswer(changed);
    else onFailure();
  }

  void ask();
  return () => {
    abort.abort();
    clearTimeout(timer);
  };
}

/** null: there was no answer, or not this one (signed out, a proxy without its server). */
async function pollReply(topics: string, signal: AbortSignal): Promise<PollReply | null> {
  try {
    const response = await fetch(`/api/events/poll?topics=${encodeURIComponent(topics)}`, {
      cache: "no-store",
      signal: AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]),
    });
    return response.ok ? ((await response.json()) as PollReply) : null;
  } catch {
    // No network, no server, or a proxy's page in place of JSON: all the same here, it is asked again.
    return null;
  }
}
