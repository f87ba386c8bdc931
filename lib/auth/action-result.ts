import type { AppErrorCode } from "@/lib/errors";

/** Why an action was not carried out, as plain data for the page. */
export interface ActionError {
  readonly code: AppErrorCode;
  /** What is wrong and what to do next. */
  readonly message: string;
  /** Form field (path joined with dots) → what is wrong with it. */
  readonly fields?: Record<string, string>;
  /** Plain data of the error: zone problems, conflicts. */
  readonly details?: unknown;
}

/** What every server action answers. */
export type ActionResult<T> =
  | { readonly ok: true; readonly data: T }
  | { readonly ok: false; readonly error: ActionError };
