"use client";

import { useRouter } from "next/navigation";
import { startTransition } from "react";
import type { LiveTopic } from "@/lib/live/bus";
import { useLive } from "./use-live";

/** Renders nothing; asks the server for the page's data again when something of `topics` changed. What is typed into the page stays. */
export function LiveRefresh({ topics, calmMs }: { topics: readonly LiveTopic[]; calmMs?: number }) {
  const router = useRouter();
  useLive(topics, () => startTransition(() => router.refresh()), calmMs);
  return null;
}
