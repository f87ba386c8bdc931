import type { AppErrorCode } from "@/lib/errors";
import { actionError } from "./settle";

const STATUS: Record<AppErrorCode, number> = {
  "invalid-input": 400,
  unauthenticated: 401,
  forbidden: 403,
  "not-found": 404,
  conflict: 409,
  "rate-limited": 429,
  unavailable: 503,
  internal: 500,
};

/** The answer of the panel's own routes (those that pages call) to anything that was thrown. */
export function routeError(error: unknown): Response {
  const { code, message } = actionError(error);
  return Response.json(
    { error: { code, message } },
    { status: STATUS[code], headers: { "cache-control": "no-store" } },
  );
}
