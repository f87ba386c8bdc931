"use client";

import { useSyncExternalStore } from "react";
import { liveState } from "@/components/live/live-connection";
import { Status } from "@/components/ui/status";

const STATES = {
  live: { kind: "ok", words: "Live", title: "This page follows changes as they happen." },
  connecting: { kind: "waiting", words: "Connecting", title: "Connecting to the server; the page may be behind." },
  polling: {
    kind: "ok",
    words: "Polling",
    title: "No events reach this page, perhaps as a proxy holds them back: it asks every few seconds what changed.",
  },
  offline: {
    kind: "unknown",
    words: "Offline",
    title: "The server does not answer and the page may be behind. It is asked again by itself.",
  },
} as const;

/** Whether and how the page hears of changes at the moment. */
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
