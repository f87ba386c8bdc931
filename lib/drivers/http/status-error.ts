import { DriverError, type DriverErrorKind } from "@/lib/errors";
import { connectionError } from "./connection-problem";
import type { HttpResponse } from "./http-client";
import { ADDRESS_PROBLEM, PROBLEM_HEADER } from "./problem-header";
import { retryAfter } from "./retry-after";

const KINDS: Readonly<Record<number, DriverErrorKind>> = {
  400: "rejected",
  404: "not-found",
  409: "conflict",
  413: "rejected",
  415: "unsupported",
  422: "rejected",
  501: "unsupported",
};

/**
 * What an answer outside of 2xx means: redirects and 5xx are answers that make no sense here (bad-response), 401 and 403 are about the
 * credential, 429 and a 503 with Retry-After ask for patience.
 * @param secret taken out of what is quoted of the answer
 */
export function statusError(
  response: HttpResponse,
  subject: string,
  operation: string,
  secret: string | undefined,
): DriverError {
  const { status, headers } = response;
  if (status >= 300 && status < 400) {
    const message = `${subject} answered with a redirect, which is not followed. Check its hostname and port.`;
    return connectionError("bad-response", subject, operation, message, { code: "redirected" });
  }
  const words = excerpt(response.body, secret);
  const said = words === "" ? "" : ` It said: ${words}`;
  if (status === 401)
    return connectionError("auth", subject, operation, `${subject} refused the credential.${said}`, {
      code: "token-refused",
    });
  if (status === 403 && headers[PROBLEM_HEADER] === ADDRESS_PROBLEM)
    return connectionError(
      "auth",
      subject,
      operation,
      `${subject} does not trust the address that this server calls from.`,
      {
        code: ADDRESS_PROBLEM,
      },
    );
  if (status === 403)
    return connectionError("auth", subject, operation, `${subject} does not allow this.${said}`, {
      code: "missing-privilege",
    });
  const retryAfterMs = retryAfter(response);
  if (status === 429 || (status === 503 && retryAfterMs !== undefined))
    return new DriverError("rate-limited", subject, operation, `${subject} asks to wait.${said}`, { retryAfterMs });
  const kind = KINDS[status] ?? "bad-response";
  return new DriverError(kind, subject, operation, `${subject} answered ${operation} with HTTP ${status}.${said}`);
}

/** The part of a credential that is secret wherever it turns up: the last one of "whm USER:TOKEN" or "Basic …". */
export function secretPart(credential: string | undefined): string | undefined {
  const value = credential?.slice(credential.search(/[^\s:]*$/)) ?? "";
  return value.length >= 4 ? value : undefined;
}

/** The first words of an answer, as one line of text without markup. */
export function excerpt(body: Buffer, secret: string | undefined, length = 200): string {
  let text = body.subarray(0, 4_096).toString("utf8");
  const value = secretPart(secret);
  if (value !== undefined) text = text.replaceAll(value, "[removed]");
  const plain = text
    .replace(/<(script|style)\b[\s\S]*?<\/\1>/gi, " ")
    .replace(/<[^>]*>/g, " ")
    .replace(/[\p{C}\s]+/gu, " ")
    .trim();
  return plain.length > length ? `${plain.slice(0, length - 1)}…` : plain;
}
