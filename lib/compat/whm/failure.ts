import { DnsSyntaxError } from "@/lib/dns/errors";
import { ADDRESS_PROBLEM, PROBLEM_HEADER } from "@/lib/drivers/http/problem-header";
import { FormError } from "@/lib/drivers/whm/form-fields";
import { AppError, type AppErrorCode } from "@/lib/errors";
import { randomAlphanumeric } from "@/lib/ids";
import { logger } from "@/lib/logger";
import { ADDRESS_NOT_TRUSTED } from "@/lib/trusted-ips/assert-trusted";

const log = logger("whm");

/** What a caller of WHM's protocols is told when a call failed. */
export interface Failure {
  /** Meant by member commands; WHM API 1 answers most failures with 200 and says so inside. */
  readonly status: number;
  readonly reason: string;
  readonly retryAfterSeconds?: number;
  /** Tells another Zonefleet server what is wrong, where the status does not. */
  readonly problem?: typeof ADDRESS_PROBLEM;
}

const STATUS: Readonly<Record<AppErrorCode, number>> = {
  "invalid-input": 400,
  "not-found": 404,
  forbidden: 403,
  unauthenticated: 401,
  conflict: 409,
  "rate-limited": 429,
  unavailable: 503,
  internal: 500,
};

/** The one mapper of errors to WHM's forms. Logs what was not foreseen, once, under a number that the caller is told. */
export function failureOf(error: unknown, name: string): Failure {
  if (error instanceof FormError) return { status: error.status, reason: error.message };
  if (error instanceof DnsSyntaxError) return { status: 400, reason: error.message };
  if (error instanceof AppError && error.code !== "internal") {
    const retryAfterMs = retryAfter(error.extra.details);
    return {
      status: STATUS[error.code],
      reason: error.message,
      ...(error.extra.details === ADDRESS_NOT_TRUSTED ? { problem: ADDRESS_PROBLEM } : {}),
      ...(retryAfterMs === undefined ? {} : { retryAfterSeconds: Math.ceil(retryAfterMs / 1_000) }),
    };
  }
  const requestId = randomAlphanumeric(10);
  log.error("A call failed unexpectedly", { requestId, call: name, error });
  return { status: 500, reason: `Something went wrong on the server. Its log tells more under ${requestId}.` };
}

function retryAfter(details: unknown): number | undefined {
  if (typeof details !== "object" || details === null || !("retryAfterMs" in details)) return undefined;
  return typeof details.retryAfterMs === "number" ? details.retryAfterMs : undefined;
}

/** Headers of a failed answer. After 413 the rest of the request is still on its way: the connection ends with the answer. */
export function failureHeaders({ status, retryAfterSeconds, problem }: Failure): Record<string, string> {
  return {
    "cache-control": "no-store",
    ...(problem === undefined ? {} : { [PROBLEM_HEADER]: problem }),
    ...(status === 413 ? { connection: "close" } : {}),
    ...(retryAfterSeconds === undefined ? {} : { "retry-after": String(retryAfterSeconds) }),
  };
}
