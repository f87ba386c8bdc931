import type { UserActor } from "@/lib/access/actor";
import type { Context } from "@/lib/context";

/** One call of the REST API, authenticated. */
export interface ApiCall {
  readonly server: Context;
  readonly actor: UserActor;
  /** What stands in the variable part of the path, decoded; "" where there is none. */
  readonly subject: string;
  readonly query: URLSearchParams;
  /** Its signal tells that the caller is gone. */
  readonly request: Request;
}

/** Answers one endpoint with data that becomes JSON. @throws AppError, ApiError, DnsSyntaxError, ZodError */
export type ApiHandler = (call: ApiCall) => Promise<object>;
