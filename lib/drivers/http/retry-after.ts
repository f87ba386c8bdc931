import type { HttpResponse } from "./http-client";

/** Longer than any pause that a service means: a date that is wrong by years is none. */
const MAX_SECONDS = 999_999;

/**
 * Milliseconds that an answer asks to wait (RFC 9110 §10.2.3): seconds, or a date, which is measured against the date of the answer itself, so that it does not matter
 * whose clock is right. undefined: it does not say, or not in a way that makes sense.
 */
export function retryAfter({ headers }: Pick<HttpResponse, "headers">): number | undefined {
  const value = headers["retry-after"];
  if (typeof value !== "string") return undefined;
  const seconds = /^\d+$/.test(value)
    ? Number(value)
    : Math.ceil((Date.parse(value) - Date.parse(String(headers.date))) / 1_000);
  return seconds >= 0 && seconds <= MAX_SECONDS ? seconds * 1_000 : undefined;
}
