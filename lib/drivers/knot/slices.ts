import { setImmediate } from "node:timers/promises";

/** Longest stretch of synchronous work, milliseconds, before the event loop gets its turn. */
const SLICE_MS = 8;

/** Runs `work` for each item in order and lets the event loop have its turn every few milliseconds. @throws what `work` throws */
export async function inSlices<T>(items: Iterable<T>, work: (item: T) => unknown): Promise<void> {
  let start = performance.now();
  for (const item of items) {
    work(item);
    if (performance.now() - start < SLICE_MS) continue;
    await setImmediate();
    start = performance.now();
  }
}
