import { setMaxListeners } from "node:events";
import { errorMessage } from "@/lib/errors";
import { logger } from "@/lib/logger";
import type { createLeases } from "./leases";

/** Something done now and then beside the targets. */
export interface Chore {
  /** Also the name of its lease: of several engines on one database one does it. */
  readonly name: string;
  readonly everyMs: number;
  /** Does one slice. @returns true: there is more, call again soon */
  run(signal: AbortSignal): Promise<boolean>;
}

const log = logger("chores");

/** How long a chore with more to do rests between slices, so that edits and pages come first. */
const BETWEEN_SLICES_MS = 20;

/**
 * Runs chores apart from each other: a slow one holds up no other, and a failing one is logged and tried again at its next time.
 */
export function createChores(leases: ReturnType<typeof createLeases>, chores: readonly Chore[]) {
  const abort = new AbortController();
  // Every question under way listens to it: many are no leak.
  setMaxListeners(0, abort.signal);
  const timers = new Map<string, NodeJS.Timeout>();
  const running = new Set<Promise<void>>();

  async function slice(chore: Chore): Promise<number> {
    try {
      const name = `chore:${chore.name}`;
      if ((await leases.acquire(name)) === null) return chore.everyMs;
      const hasMore = await leases.whileHeld(name, () => chore.run(abort.signal));
      return hasMore ? BETWEEN_SLICES_MS : chore.everyMs;
    } catch (error) {
      if (!abort.signal.aborted) log.error("a chore failed", { chore: chore.name, reason: errorMessage(error), error });
      return chore.everyMs;
    }
  }

  function schedule(chore: Chore, delayMs: number): void {
    if (abort.signal.aborted) return;
    const timer = setTimeout(() => {
      const work: Promise<void> = slice(chore)
        .then((next) => schedule(chore, next))
        .finally(() => running.delete(work));
      running.add(work);
    }, delayMs);
    timers.set(chore.name, timer);
  }

  return {
    start(): void {
      for (const chore of chores) schedule(chore, Math.min(chore.everyMs, 1_000));
    },
    async stop(): Promise<void> {
      abort.abort();
      for (const timer of timers.values()) clearTimeout(timer);
      await Promise.allSettled([...running]);
    },
  };
}
