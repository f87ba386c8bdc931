const MODULUS = 2 ** 32;
const HALF = 2 ** 31;

/**
 * Compares two SOA serials by RFC 1982 §3.2.
 * @returns -1 when `a` is older than `b`, 0 when equal, 1 when newer, `undefined` when they are exactly 2^31 apart (the RFC leaves that open).
 */
export function compareSerials(a: number, b: number): -1 | 0 | 1 | undefined {
  if (a === b) return 0;
  const ahead = (a - b + MODULUS) % MODULUS;
  if (ahead === HALF) return undefined;
  return ahead < HALF ? 1 : -1;
}

/** Whether a secondary that has `b` would take `a`. False for serials that cannot be compared. */
export function isNewerSerial(a: number, b: number): boolean {
  return compareSerials(a, b) === 1;
}

/**
 * The serial for the next revision: YYYYMMDD00 of today (UTC) where that is newer than `current` by RFC 1982, otherwise `current` + 1 modulo 2^32.
 * So it always moves forward by less than 2^31: past 100 edits a day, past a foreign serial from the future, and with a clock set back.
 * 0 is skipped, because some software reads it as "no serial".
 */
export function nextSerial(current: number, now: Date): number {
  const today = (now.getUTCFullYear() * 10_000 + (now.getUTCMonth() + 1) * 100 + now.getUTCDate()) * 100;
  if (today > 0 && today < MODULUS && isNewerSerial(today, current)) return today;
  return (current + 1) % MODULUS || 1;
}
