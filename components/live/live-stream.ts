/** The first word comes within this time, or something between here and the server holds events back, in ms. */
const FIRST_WORD_MS = 5_000;
/** The server says something every twenty seconds: two beats that did not come are a connection that is none any more, in ms. */
const SILENCE_MS = 45_000;

export interface StreamEvents {
  /** It speaks: at once when events get through, and every twenty seconds. */
  readonly onBeat: () => void;
  readonly onTopic: (topic: string) => void;
  /** It was refused, broke off, or says nothing. Comes once, and nothing after it. */
  readonly onLost: () => void;
}

/**
 * One connection to /api/events. It does not come back by itself, as an EventSource would: that one gives up for ever after an answer such as the 502 of a
 * proxy whose server is being restarted, and never notices silence.
 * @param ageMs how old what the page shows is: it is told what happened since; null: it may have missed anything, and is told of all
 * @returns the function that ends it
 */
export function openStream(
  topics: string,
  ageMs: number | null,
  { onBeat, onTopic, onLost }: StreamEvents,
): () => void {
  const source = new EventSource(`/api/events?topics=${encodeURIComponent(topics)}&age=${ageMs ?? "unknown"}`);
  const close = () => {
    clearTimeout(silence);
    source.onmessage = null;
    source.onerror = null;
    source.close();
  };
  const lose = () => {
    close();
    onLost();
  };
  let silence = setTimeout(lose, FIRST_WORD_MS);
  const heard = () => {
    clearTimeout(silence);
    silence = setTimeout(lose, SILENCE_MS);
  };
  source.addEventListener("beat", () => {
    heard();
    onBeat();
  });
  source.onmessage = (event) => {
    heard();
    onTopic(String(event.data));
  };
  source.onerror = lose;
  return close;
}
