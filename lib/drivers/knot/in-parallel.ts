/** Enough to keep the thread pool of file operations busy, and few enough not to hold many zones' texts twice. */
const WIDTH = 16;

/**
 * Runs `work` for each item, some at a time, beginning in order. The event loop is free between them.
 * @throws the first error of `work`; what has not begun by then is not begun
 */
export async function inParallel<T>(items: Iterable<T>, work: (item: T) => Promise<unknown>): Promise<void> {
  const queue = items[Symbol.iterator]();
  let hasFailed = false;
  const runner = async () => {
    for (let next = queue.next(); !next.done && !hasFailed; next = queue.next()) {
      await work(next.value).catch((error: unknown) => {
        hasFailed = true;
        throw error;
      });
    }
  };
  const results = await Promise.allSettled(Array.from({ length: WIDTH }, runner));
  for (const result of results) if (result.status === "rejected") throw result.reason;
}
