const DAY_MS = 24 * 60 * 60_000;
const EARLY_MS = 14 * DAY_MS;

/**
 * Whether it is time to warn of an end: two weeks before it, and for what lives shorter than four weeks in the last half of its life.
 * @param from when its life began, epoch milliseconds
 */
export function expiresSoon(now: number, from: number, until: number): boolean {
  const early = Math.min(EARLY_MS, Math.max(0, until - from) / 2);
  return now >= until - early && now < until;
}
