/** Time as the code sees it: tests and the engine's model pass their own. */
export interface Clock {
  /** Milliseconds since the epoch, UTC. May jump when the system's clock is set. */
  now(): number;
  /** Milliseconds from an arbitrary point; never goes back. For measuring durations. */
  monotonic(): number;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
};
