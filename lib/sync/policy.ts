import type { DriverErrorKind } from "@/lib/errors";

/** What a failure means: for the work that failed and for the member it failed at. */
export interface FailurePolicy {
  /** Whom the failure speaks of: the whole target waits, or only the zone is set aside. */
  readonly scope: "target" | "zone";
  /** Whether it counts toward the member's failure threshold. */
  readonly counts: boolean;
  /** First pause before the next try, milliseconds; doubled at every further failure. */
  readonly firstRetryMs: number;
  /** Longest pause. Trying goes on for ever: what is wanted stays wanted. */
  readonly longestRetryMs: number;
}

const MINUTE = 60_000;

/** The one table of failures. A zone that a target rejects never speaks against the target, nor holds up another zone. */
export const FAILURE_POLICY: Readonly<Record<DriverErrorKind, FailurePolicy>> = {
  unreachable: { scope: "target", counts: true, firstRetryMs: 500, longestRetryMs: MINUTE },
  timeout: { scope: "target", counts: true, firstRetryMs: 1_000, longestRetryMs: MINUTE },
  tls: { scope: "target", counts: true, firstRetryMs: 5_000, longestRetryMs: 5 * MINUTE },
  auth: { scope: "target", counts: true, firstRetryMs: 5_000, longestRetryMs: 5 * MINUTE },
  "bad-response": { scope: "target", counts: true, firstRetryMs: 2_000, longestRetryMs: 5 * MINUTE },
  "rate-limited": { scope: "target", counts: false, firstRetryMs: 5_000, longestRetryMs: 5 * MINUTE },
  "not-found": { scope: "zone", counts: false, firstRetryMs: 5_000, longestRetryMs: 30 * MINUTE },
  rejected: { scope: "zone", counts: false, firstRetryMs: 5_000, longestRetryMs: 60 * MINUTE },
  unsupported: { scope: "zone", counts: false, firstRetryMs: MINUTE, longestRetryMs: 60 * MINUTE },
  conflict: { scope: "zone", counts: false, firstRetryMs: 5_000, longestRetryMs: 30 * MINUTE },
  held: { scope: "target", counts: false, firstRetryMs: 1_000, longestRetryMs: MINUTE },
  aborted: { scope: "target", counts: false, firstRetryMs: 100, longestRetryMs: 1_000 },
};

/** Kinds that speak of the whole target. */
export const TARGET_KINDS = (Object.keys(FAILURE_POLICY) as DriverErrorKind[]).filter(
  (kind) => FAILURE_POLICY[kind].scope === "target",
);

/** A wait longer than this was not given by the table: the clock was set back meanwhile, and the wait is over. */
export const SANE_WAIT_MS = 2 * 60 * MINUTE;

/** A disabled member is asked whether it answers again after half a minute; then after twice as long each time, up to a quarter of an hour. */
const FIRST_PROBE_MS = 30_000;
const LONGEST_PROBE_MS = 15 * MINUTE;

/** @param probes how often it was asked in vain since it was disabled */
export function probeDelay(probes: number): number {
  return Math.min(FIRST_PROBE_MS * 2 ** Math.min(probes, 30), LONGEST_PROBE_MS);
}

/**
 * How long to wait after a failure.
 * @param attempts failures in a row so far, this one included (≥ 1)
 * @param random 0 … 1; spreads the tries of many zones over half of the pause
 * @param retryAfterMs what the target itself asked for
 */
export function retryDelay(kind: DriverErrorKind, attempts: number, random: number, retryAfterMs = 0): number {
  const { firstRetryMs, longestRetryMs } = FAILURE_POLICY[kind];
  const ceiling = Math.min(firstRetryMs * 2 ** Math.min(attempts - 1, 30), longestRetryMs);
  return Math.max(Math.round(ceiling / 2 + (ceiling / 2) * random), retryAfterMs);
}
