"use client";

import { useEffect, useEffectEvent } from "react";
import type { LiveTopic } from "@/lib/live/bus";
import { isHeard, listen } from "./live-connection";

/**
 * A hint may be the last word of a server that stops. By then its stream is closed, and a page that was asked for all the same would become the browser's own
 * error page, which never comes back, in ms.
 */
const LAST_WORD_MS = 50;

/** The least time between two pokes, in ms, unless told otherwise: the first comes at once, a burst ends in one more. */
const CALM = 250;

/**
 * Calls `onPoke` when something of `topics` changed on the server, and after a connection was lost and is back. A poke says only "ask again".
 * @param topics need not be a stable array.
 * @param calmMs longer for pages that are dear to make.
 */
export function useLive(topics: readonly LiveTopic[], onPoke: () => void, calmMs = CALM): void {
  const poke = useEffectEvent(onPoke);
  const key = topics.join(",");
  useEffect(() => {
    if (key === "") return;
    let last = Number.NEGATIVE_INFINITY;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const run = () => {
      timer = undefined;
      if (!isHeard()) return;
      last = performance.now();
      poke();
    };
    const stop = listen(key.split(",") as LiveTopic[], () => {
      timer ??= setTimeout(run, Math.max(LAST_WORD_MS, last + calmMs - performance.now()));
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [key, calmMs]);
}
