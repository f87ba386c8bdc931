/** Failures after which an address waits, and how long it has to be quiet (milliseconds) before they are forgotten. */
const FREE_FAILURES = 20;
const QUIET_MS = 60_000;
/** Entries kept of each sort; the oldest go first. */
const CAPACITY = 10_000;

/**
 * Slows down whoever tries tokens. In memory and for one process: tokens are too random to be guessed, this only keeps the trying from costing anything.
 * A token that was right at the same address shortly before is let through: a member must not be locked out by a neighbour behind the same NAT.
 */
export interface FailureLimit {
  /** Milliseconds that this caller has to wait; 0: none. */
  wait(address: string, prefix: string, now: number): number;
  failed(address: string, now: number): void;
  succeeded(address: string, prefix: string): void;
}

export function createFailureLimit(): FailureLimit {
  const failures = new Map<string, { count: number; lastAt: number }>();
  const trusted = new Map<string, true>();
  return {
    wait(address, prefix, now) {
      const known = failures.get(address);
      if (!known || known.count < FREE_FAILURES || trusted.has(`${address} ${prefix}`)) return 0;
      // A clock that was set back must not turn a minute into a day.
      return Math.min(QUIET_MS, Math.max(0, known.lastAt + QUIET_MS - now));
    },
    failed(address, now) {
      const known = failures.get(address);
      const isOver = known === undefined || now - known.lastAt >= QUIET_MS;
      remember(failures, address, { count: isOver ? 1 : known.count + 1, lastAt: now });
    },
    succeeded(address, prefix) {
      remember(trusted, `${address} ${prefix}`, true);
    },
  };
}

function remember<Value>(map: Map<string, Value>, key: string, value: Value): void {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > CAPACITY && oldest !== undefined) map.delete(oldest);
}
