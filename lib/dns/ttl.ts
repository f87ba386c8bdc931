import { DnsSyntaxError, quoteInput } from "./errors";

/** RFC 2181 §8: a TTL is a 31-bit number. */
export const MAX_TTL = 2 ** 31 - 1;

const SECONDS: Record<string, number> = { w: 604_800, d: 86_400, h: 3_600, m: 60, s: 1 };

/**
 * A number of seconds, plain or with units as BIND writes them (`1w2d3h4m5s`, any case). `undefined` when the text is neither.
 * No upper bound: the caller knows whether it reads a TTL or a 32-bit timer.
 */
export function parseDuration(text: string): number | undefined {
  if (/^\d+$/.test(text)) return Number(text);
  if (!/^(?:\d+[wdhms])+$/i.test(text)) return undefined;
  let seconds = 0;
  for (const [, amount = "", unit = ""] of text.matchAll(/(\d+)([a-z])/gi)) {
    seconds += Number(amount) * (SECONDS[unit.toLowerCase()] ?? 0);
  }
  return seconds;
}

/** @returns seconds. @throws DnsSyntaxError "ttl-syntax" or "ttl-range" */
export function parseTtl(text: string): number {
  const seconds = parseDuration(text);
  if (seconds === undefined) {
    throw new DnsSyntaxError(
      "ttl-syntax",
      `${quoteInput(text)} is not a TTL. Write seconds, or a time such as 1h30m or 2d.`,
    );
  }
  if (seconds > MAX_TTL) {
    throw new DnsSyntaxError(
      "ttl-range",
      `The TTL ${quoteInput(text)} is over ${MAX_TTL} seconds (68 years). Write a smaller one.`,
    );
  }
  return seconds;
}
