import { isIP } from "node:net";

/** How failed sign-ins slow down the next ones. */
export interface LimitRule {
  /** Failures without any wait. */
  readonly free: number;
  /** Wait after the first failure beyond those, in ms; it doubles with every further one. */
  readonly firstMs: number;
  readonly longestMs: number;
}

/** How long a failure counts, in ms. */
export const FAILURE_MEMORY_MS = 60 * 60_000;

/**
 * By user: enough to make guessing hopeless, and never so long that a stranger could lock root out of its own panel.
 * By address: a stranger who goes through many names is stopped for good.
 */
export const SIGN_IN_RULES = {
  user: { free: 5, firstMs: 5_000, longestMs: 60_000 },
  address: { free: 15, firstMs: 10_000, longestMs: 15 * 60_000 },
} as const satisfies Record<string, LimitRule>;

/**
 * How long the next attempt has to wait, in ms; 0: not at all.
 * @param failures how many there were in the last hour, and when the last one was (epoch ms). A last one in the future (the clock was set back)
 *   counts as now.
 */
export function signInWait(failures: { count: number; lastAt: number }, now: number, rule: LimitRule): number {
  const beyond = failures.count - rule.free;
  if (beyond < 0) return 0;
  const pause = Math.min(rule.longestMs, rule.firstMs * 2 ** Math.min(beyond, 30));
  return Math.max(0, Math.min(failures.lastAt, now) + pause - now);
}

/**
 * The key under which an address is counted: an IPv6 address by its /64, as every customer has that many addresses of their own.
 * @param address numeric; "" when it is not known.
 */
export function addressKey(address: string): string | null {
  if (isIP(address) === 0) return null;
  return `address:${isIP(address) === 4 ? address : ipv6Network(address)}`;
}

/** The first four groups of an IPv6 address. */
function ipv6Network(address: string): string {
  const [head = "", tail] = address.toLowerCase().replace(/%.*$/, "").split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail ? tail.split(":") : [];
  const groups =
    tail === undefined
      ? left
      : [...left, ...Array<string>(Math.max(0, 8 - left.length - right.length)).fill("0"), ...right];
  return `${groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ""))
    .join(":")}::/64`;
}

/** "9 seconds", "3 minutes": rounded up, so that whoever waits as long is let in. */
export function waitWords(ms: number): string {
  const seconds = Math.ceil(ms / 1_000);
  if (seconds < 90) return seconds === 1 ? "1 second" : `${seconds} seconds`;
  return `${Math.ceil(seconds / 60)} minutes`;
}
