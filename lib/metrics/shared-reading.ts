/**
 * Reads at most once at a time, and at most every `maxAgeMs`: however many ask, the reading costs the same.
 * @param now monotonic milliseconds
 */
export function sharedReading<T>(read: () => Promise<T>, maxAgeMs: number, now: () => number): () => Promise<T> {
  let reading: Promise<T> | null = null;
  let kept: { readonly value: T; readonly at: number } | null = null;
  const start = async () => {
    try {
      const value = await read();
      kept = { value, at: now() };
      return value;
    } finally {
      reading = null;
    }
  };
  return async () => {
    if (kept && now() - kept.at < maxAgeMs) return kept.value;
    reading ??= start();
    return reading;
  };
}
