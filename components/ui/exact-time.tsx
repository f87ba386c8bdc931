import { utcWords } from "./time-words";

/** An instant (epoch ms) in UTC, where people compare it with a clock. */
export function ExactTime({ at }: { at: number }) {
  return (
    <time dateTime={new Date(at).toISOString()} className="whitespace-nowrap">
      {utcWords(at)}
    </time>
  );
}
