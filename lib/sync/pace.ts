/** A round over all zones of a target, as its row tells. Epoch milliseconds. */
export interface Round {
  readonly beganAt: number | null;
  readonly endedAt: number | null;
}

/** Whether zones of it are still to be looked at. */
export function isUnderWay({ beganAt, endedAt }: Round): boolean {
  return beganAt !== null && (endedAt === null || endedAt < beganAt);
}

/** Whether the next round may begin. @param intervalMs 0: none begins by itself */
export function isRoundDue(round: Round, intervalMs: number, now: number): boolean {
  if (intervalMs === 0 || isUnderWay(round)) return false;
  // One that began in the future did so before the clock was set back.
  return round.beganAt === null || now >= round.beganAt + intervalMs || now < round.beganAt;
}

/**
 * Whether the next slice of a round is due: the zones are spread evenly over the interval, and what was missed, while the server was down, is made up for.
 * @param done zones that were looked at, of `total`
 */
export function isSliceDue(beganAt: number, intervalMs: number, now: number, done: number, total: number): boolean {
  const elapsed = now - beganAt;
  return elapsed < 0 || elapsed * Math.max(total, 1) >= intervalMs * done;
}
