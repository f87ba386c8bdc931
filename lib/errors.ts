/**
 * What can go wrong, as types. Code never branches on the text of a message, only on `code` and `kind`.
 * A message is for the person or machine that asked: it says what is wrong and what to do next.
 */

/** Why a request was not carried out. Each surface (page, JSON, WHM) maps these once to its own form. */
export type AppErrorCode =
  | "invalid-input"
  | "not-found"
  | "forbidden"
  | "unauthenticated"
  | "conflict"
  | "rate-limited"
  | "unavailable"
  | "internal";

/**
 * The server and Next's pages are bundled apart and run in one process, so this file exists twice in it: a driver or a database that the server
 * opened throws errors of the other copy's classes to a page. `instanceof` goes by the name instead.
 */
function isNamed(value: unknown, name: string): boolean {
  return value instanceof Error && value.name === name;
}

/** An error that may be shown: `message` holds no secret and no other tenant's name. */
export class AppError extends Error {
  static override [Symbol.hasInstance](value: unknown): boolean {
    return isNamed(value, "AppError");
  }
  override readonly name = "AppError";
  constructor(
    readonly code: AppErrorCode,
    message: string,
    /** `fields`: form field → what is wrong with it; `details`: plain data a surface may render, such as zone problems or a diff. */
    readonly extra: { fields?: Record<string, string>; details?: unknown; cause?: unknown } = {},
  ) {
    super(message, extra.cause === undefined ? undefined : { cause: extra.cause });
  }
}

/** How a remote party or a nameserver failed. `policy.ts` in lib/sync says what each kind means for retries and thresholds. */
export type DriverErrorKind =
  | "unreachable"
  | "timeout"
  | "tls"
  | "auth"
  | "rate-limited"
  | "not-found"
  | "rejected"
  | "unsupported"
  | "bad-response"
  | "conflict"
  | "aborted"
  /** Not tried, or broken off at this end: the member is disabled, paused or another one now. */
  | "held";

/** A failure at a target. `subject` is the host or software it happened at, `operation` what was tried there. */
export class DriverError extends Error {
  static override [Symbol.hasInstance](value: unknown): boolean {
    return isNamed(value, "DriverError");
  }
  override readonly name = "DriverError";
  constructor(
    readonly kind: DriverErrorKind,
    readonly subject: string,
    readonly operation: string,
    message: string,
    readonly extra: { retryAfterMs?: number; cause?: unknown; details?: unknown } = {},
  ) {
    super(message, extra.cause === undefined ? undefined : { cause: extra.cause });
  }
}

/** The message of anything that was thrown, for logs and for fields that an administrator reads. */
export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
