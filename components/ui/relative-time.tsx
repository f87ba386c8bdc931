"use client";

import { useEffect, useState } from "react";
import { relativeWords, utcWords } from "./time-words";

/** An instant (epoch ms) as its distance from now, kept current; the exact UTC time is its title. */
export function RelativeTime({ at }: { at: number }) {
  const [now, setNow] = useState<number>();
  useEffect(() => {
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 15_000);
    return () => clearInterval(timer);
  }, []);
  return (
    // The server's clock and the browser's differ by a request's time: what the server wrote may change at hydration.
    <time
      dateTime={new Date(at).toISOString()}
      title={utcWords(at)}
      suppressHydrationWarning
      className="whitespace-nowrap"
    >
      {relativeWords(at, now ?? Date.now())}
    </time>
  );
}
