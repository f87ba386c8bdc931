import { ZodError } from "zod";
import { DnsSyntaxError } from "@/lib/dns/errors";
import { AppError, type AppErrorCode } from "@/lib/errors";
import { randomAlphanumeric } from "@/lib/ids";
import { logger } from "@/lib/logger";

const log = logger("api");

/** What HTTP itself has a number for. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  constructor(
    readonly status: number,
    readonly code: AppErrorCode,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

const STATUS: Readonly<Record<AppErrorCode, number>> = {
  "invalid-input": 400,
  unauthenticated: 401,
  forbidden: 403,
  "not-found": 404,
  conflict: 409,
  "rate-limited": 429,
  unavailable: 503,
  internal: 500,
};

/** The one mapper of errors to the REST API's form. Logs what was not foreseen, once, under a number that the caller is told. */
export function failureResponse(error: unknown): Response {
  const { status, code, message, headers } = toldOf(error);
  return Response.json(
    { error: { code, message } },
    {
      status,
      headers: { "cache-control": "no-store", ...(status === 401 ? { "www-authenticate": "Bearer" } : {}), ...headers },
    },
  );
}

function toldOf(error: unknown): Pick<ApiError, "status" | "code" | "message" | "headers"> {
  if (error instanceof ApiError) return error;
  if (error instanceof DnsSyntaxError) return invalid(error.message);
  if (error instanceof ZodError) return invalid(issueWords(error));
  if (error instanceof AppError && error.code !== "internal")
    return { status: STATUS[error.code], code: error.code, message: error.message, headers: retryHeaders(error) };
  const requestId = randomAlphanumeric(10);
  log.error("A call failed unexpectedly", { requestId, error });
  const message = `Something went wrong on the server. Its log tells more under ${requestId}.`;
  return { status: 500, code: "internal", message, headers: {} };
}

function invalid(message: string) {
  return { status: 400, code: "invalid-input", message, headers: {} } as const;
}

/** Such as “edits.0.type”: … */
function issueWords({ issues: [issue] }: ZodError): string {
  if (!issue) return "The request is not valid.";
  return issue.path.length === 0 ? issue.message : `“${issue.path.join(".")}”: ${issue.message}`;
}

function retryHeaders({ extra: { details } }: AppError): Record<string, string> {
  if (typeof details !== "object" || details === null || !("retryAfterMs" in details)) return {};
  return { "retry-after": String(Math.ceil(Number(details.retryAfterMs) / 1_000)) };
}
