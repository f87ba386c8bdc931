"use client";

import { useState } from "react";
import { useLive } from "@/components/live/use-live";

/** Counted no further; see lib/proof/queries-everywhere. */
const MOST = 1_000;
/** The least time between two questions, in ms: it is on every page. */
const CALM = 5_000;

/** How many zones are not yet served everywhere, beside the menu's entry and kept current; nothing while all are. */
export function EverywhereBadge({ initial }: { initial: number }) {
  const [asked, setAsked] = useState({ initial, count: initial });
  // What the server made the page with is newer than what was asked for before.
  const count = asked.initial === initial ? asked.count : initial;
  const ask = async () => {
    try {
      const response = await fetch("/api/proof", { cache: "no-store" });
      if (!response.ok) return;
      const { notEverywhere } = (await response.json()) as { notEverywhere: number };
      setAsked({ initial, count: notEverywhere });
    } catch (error) {
      // No network for a moment: the next poke asks again.
      if (!(error instanceof TypeError)) throw error;
    }
  };
  useLive(["zones", "members", "cluster"], () => void ask(), CALM);
  if (count === 0) return null;
  const words = count === 1 ? "zone is" : "zones are";
  return (
    <span className="rounded-sm bg-warn-soft px-1.5 text-warn text-xs">
      {count >= MOST ? `${MOST - 1}+` : count}
      <span className="sr-only"> {words} not yet served everywhere</span>
    </span>
  );
}
