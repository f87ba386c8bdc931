/** Waits of some changes, from the commit to the answer over DNS, milliseconds; null: none of them was served. */
export interface Percentiles {
  readonly count: number;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
}

/** By the nearest rank: each is a wait that really was. */
export function percentiles(waits: readonly number[]): Percentiles {
  const sorted = [...waits].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
  return { count: sorted.length, p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}
