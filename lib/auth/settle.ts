import { unstable_rethrow } from "next/navigation";
import { ZodError } from "zod";
import { DnsSyntaxError } from "@/lib/dns/errors";
import { AppError, DriverError } from "@/lib/errors";
import { randomAlphanumeric } from "@/lib/ids";
import { logger } from "@/lib/logger";
import type { ActionError, ActionResult } from "./action-result";

const log = logger("action");

/**
 * The one place where what a server action throws becomes what the page shows. What was foreseen is passed on; what was not is logged once
 * under a number that the user can quote. Next's own signals (redirect, not found) pass through.
 */
export async function settle<T>(work: () => Promise<T>): Promise<ActionResult<T>> {
  try {
    return { ok: true, data: await work() };
  } catch (error) {
    unstable_rethrow(error);
    return { ok: false, error: actionError(error) };
  }
}

/** The plain form of anything that was thrown; logs what was not foreseen. */
export function actionError(error: unknown): ActionError {
  if (error instanceof AppError)
    return { code: error.code, message: error.message, fields: error.extra.fields, details: error.extra.details };
  if (error instanceof DriverError)
    return { code: "unavailable", message: error.message, details: error.extra.details };
  if (error instanceof DnsSyntaxError) return { code: "invalid-input", message: error.message };
  if (error instanceof ZodError) return invalidInput(error);
  const requestId = randomAlphanumeric(10);
  log.error("An action failed unexpectedly", { requestId, error });
  return { code: "internal", message: `Something went wrong on the server. Its log tells more under ${requestId}.` };
}

function invalidInput(error: ZodError): ActionError {
  const fields: Record<string, string> = {};
  for (const issue of error.issues) fields[issue.path.join(".")] ??= issue.message;
  const [first] = error.issues;
  const alone = error.issues.length === 1 && first ? first.message : null;
  return { code: "invalid-input", message: alone ?? "Some fields need another look.", fields };
}
