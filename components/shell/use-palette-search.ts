"use client";

import { useEffect, useState } from "react";
import type { FoundPlaces } from "@/lib/search/find-places";

const NOTHING: FoundPlaces = { zones: [], members: [] };

/** Pause after the last key before the server is asked, in ms. */
const PAUSE = 80;

/** Zones and members for what is typed in the palette. Results of an older text never replace those of a newer one. */
export function usePaletteSearch(text: string): { found: FoundPlaces; isSearching: boolean } {
  const query = text.trim();
  const [answer, setAnswer] = useState<{ query: string; found: FoundPlaces }>({ query: "", found: NOTHING });
  useEffect(() => {
    if (query === "") return;
    const abort = new AbortController();
    const timer = setTimeout(async () => {
      try {
        const response = await fetch(`/api/search?q=${encodeURIComponent(query)}`, { signal: abort.signal });
        setAnswer({ query, found: response.ok ? ((await response.json()) as FoundPlaces) : NOTHING });
      } catch {
        // Aborted by the next key, or the server is away: pages can still be chosen.
        if (!abort.signal.aborted) setAnswer({ query, found: NOTHING });
      }
    }, PAUSE);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [query]);
  if (query === "") return { found: NOTHING, isSearching: false };
  return { found: answer.found, isSearching: answer.query !== query };
}
