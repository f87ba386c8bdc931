"use client";

import { useSyncExternalStore } from "react";
import { liveState } from "@/components/live/live-connection";
import { Status } from "@/components/ui/status";

const STATES = {
  open: { kind: "ok", words: "Live", title: "This page follows changes as they happen." },
  connecting: { kind: "waiting", words: "Connecting", title: "Connecting to the server; the page may be behind." },
  closed: {
    kind: "unknown",
    words: "Not live",
    title: "The page does not hear from the server and may be behind. Reload it.",
  },
} as const;

/** Whether the page hears of changes at the moment. */
export function LiveIndicator() {
  const { kind, words, title } =
    STATES[useSyncExternalStore(liveState.subscribe, liveState.get, liveState.getOnServer)];
  return (
    <span className="mr-1 text-muted text-xs max-sm:hidden">
      <Status kind={kind} title={title}>
        {words}
      </Status>
    </span>
  );
}
