import { z } from "zod";
import { connectionError } from "@/lib/drivers/http/connection-problem";
import type { HttpResponse } from "@/lib/drivers/http/http-client";
import { retryAfter } from "@/lib/drivers/http/retry-after";
import { noService, parseJson } from "@/lib/drivers/records/json-api";
import { DriverError, type DriverErrorKind } from "@/lib/errors";

const fault = z.object({ error: z.string(), code: z.string().catch("") });

/** Exceptions that say more than the 500 they come with. The limit was 50 calls a second in 2017. */
const KINDS: Readonly<Record<string, DriverErrorKind>> = {
  SoftLayer_Exception_WebService_RateLimitExceeded: "rate-limited",
  SoftLayer_Exception_ObjectNotFound: "not-found",
};

/** Calls are counted by the second; the engine's own pause is longer anyway. */
const RATE_WINDOW_MS = 1_000;

/**
 * SoftLayer answers every exception of its application with HTTP 500 and says which one it is in the body. One that is not known here is its refusal of what was sent.
 * @returns undefined where the status decides: 403, 429, a 500 that is none of the application's
 */
export function softlayerError(response: HttpResponse, operation: string): DriverError | undefined {
  const { status, body } = response;
  const said = fault.safeParse(parseJson(body));
  if (!said.success || !said.data.code.startsWith("SoftLayer_"))
    return status === 404 ? noService("SoftLayer", operation) : undefined;
  const words = said.data.error.replace(/[\p{C}\s]+/gu, " ").slice(0, 300);
  if (status === 401)
    return connectionError("auth", "SoftLayer", operation, `SoftLayer said: ${words}`, { code: "token-refused" });
  if (status !== 500 && status !== 404 && status !== 400) return undefined;
  const kind = KINDS[said.data.code] ?? "rejected";
  const message = `SoftLayer refused ${operation}: ${words}`;
  if (kind !== "rate-limited") return new DriverError(kind, "SoftLayer", operation, message);
  const retryAfterMs = retryAfter(response) || RATE_WINDOW_MS;
  return new DriverError(kind, "SoftLayer", operation, `SoftLayer asks to wait. It said: ${words}`, { retryAfterMs });
}
