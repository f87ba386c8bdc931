import type { Call } from "./call";

/** What a function of WHM API 1 gives back. */
export interface ApiResult {
  /** Left out for functions that only do something. */
  readonly data?: unknown;
  /** Text for people, which WHM puts beside the data of functions older than API 1. */
  readonly output?: string;
}

/** One function. @throws AppError, FormError, DnsSyntaxError: the envelope then has result 0 and the message as its reason. */
export type ApiFunction = (call: Call) => Promise<ApiResult>;
