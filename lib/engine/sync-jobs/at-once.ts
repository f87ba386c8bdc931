import { setTimeout as sleep } from "node:timers/promises";

/** One piece of work that is due, under a key that no two run with at a time. */
export interface DueWork {
  readonly key: number;
  run(): Promise<void>;
}

/**
 * Runs what is due side by side, and begins what becomes due meanwhile: whoever waits for a server that takes its time keeps nobody else waiting.
 * @param due asked again every `lookMs` as long as something runs
 * @returns whether there was anything, when nothing runs any more
 * @throws the first error of a piece, after all have ended
 */
export async function atOnce(
  due: () => Promise<readonly DueWork[]>,
  { lookMs, most, signal }: { lookMs: number; most: number; signal: AbortSignal },
): Promise<boolean> {
  const running = new Map<number, Promise<void>>();
  /** What ended while it was asked what is due: the answer may be of before. */
  const ended = new Set<number>();
  const errors: unknown[] = [];
  let began = false;
  for (;;) {
    ended.clear();
    const found = signal.aborted ? [] : await due();
    for (const { key, run } of found) {
      if (running.has(key) || ended.has(key) || running.size >= most) continue;
      began = true;
      const work = run()
        .catch((error: unknown) => void errors.push(error))
        .finally(() => {
          running.delete(key);
          ended.add(key);
        });
      running.set(key, work);
    }
    if (running.size === 0) break;
    const all = Promise.all(running.values());
    await (signal.aborted ? all : Promise.race([all, sleep(lookMs)]));
    // What ended is looked at anew by the next turn, not in a ring without a rest.
    if (running.size === 0) break;
  }
  if (errors.length > 0) throw errors[0];
  return began;
}
