"use client";

import { useRouter } from "next/navigation";
import { startTransition, useEffect, useEffectEvent } from "react";
import type { LiveTopic } from "@/lib/live/bus";
import { isHeard } from "./live-connection";
import { useLive } from "./use-live";

interface LiveRefreshProps {
  topics: readonly LiveTopic[];
  calmMs?: number;
  /** The page shows something on its way, and whoever looks at it waits for it to end: asks again this often even if nothing is told, in ms. */
  everyMs?: number;
}

/** Renders nothing; asks the server for the page's data again when something of `topics` changed. What is typed into the page stays. */
export function LiveRefresh({ topics, calmMs, everyMs }: LiveRefreshProps) {
  const router = useRouter();
  const refresh = () => startTransition(() => router.refresh());
  useLive(topics, refresh, calmMs);
  const askAgain = useEffectEvent(() => {
    if (isHeard()) refresh();
  });
  useEffect(() => {
    if (everyMs === undefined) return;
    const timer = setInterval(askAgain, everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return null;
}
