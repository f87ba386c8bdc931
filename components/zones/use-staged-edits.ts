"use client";

import { useEffect, useState } from "react";
import { z } from "zod";
import type { StagedEdit } from "./staged-edits";

const record = z.object({ owner: z.string(), type: z.string(), ttl: z.number(), rdata: z.string() });
const stored = z.object({
  baseSeq: z.number(),
  edits: z.array(z.object({ id: z.number(), before: record.nullable(), after: record.nullable() })),
});

/** Edits and the revision they began on. */
export interface Staged {
  readonly edits: readonly StagedEdit[];
  readonly baseSeq: number;
}

/**
 * The edits of one zone that are not saved. They outlive a visit to another page and a reload (session storage of the tab); only closing the tab
 * would lose them, and the browser asks first.
 * @param seq the zone's newest revision, on which a first edit is based
 */
export function useStagedEdits(name: string, seq: number) {
  const key = `zonefleet:edits:${name}`;
  const [staged, setStaged] = useState<Staged>({ edits: [], baseSeq: seq });
  const [isRestored, setRestored] = useState(false);

  useEffect(() => {
    const kept = read(key);
    if (!kept || kept.edits.length === 0) return;
    setStaged(kept);
    setRestored(true);
  }, [key]);

  const hasEdits = staged.edits.length > 0;
  useEffect(() => {
    if (!hasEdits) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [hasEdits]);

  const set = (edits: readonly StagedEdit[], baseSeq = hasEdits ? staged.baseSeq : seq) => {
    const next = { edits, baseSeq };
    setStaged(next);
    setRestored(false);
    write(key, next);
  };
  return { edits: staged.edits, baseSeq: hasEdits ? staged.baseSeq : seq, isRestored, set };
}

function read(key: string): Staged | null {
  const text = sessionStorage.getItem(key);
  if (text === null) return null;
  const parsed = stored.safeParse(JSON.parse(text));
  return parsed.success ? parsed.data : null;
}

function write(key: string, staged: Staged): void {
  try {
    if (staged.edits.length === 0) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, JSON.stringify(staged));
  } catch (error) {
    // Over the browser's quota (5 MB): the edits stay on the page, and leaving it is asked about.
    if (!(error instanceof DOMException)) throw error;
  }
}
