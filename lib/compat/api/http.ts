import type { UserActor } from "@/lib/access/actor";
import { authenticateCaller, whmCaller } from "@/lib/compat/whm/credentials";
import type { Context } from "@/lib/context";
import { AppError } from "@/lib/errors";
import type { ApiHandler } from "./call";
import { listChanges, readChange } from "./changes";
import { ApiError, failureResponse } from "./failure";
import { patchRrsets, readZone } from "./zones";

/**
 * The REST API (`/api/v1/…`), which docs/api.md describes: JSON in and out, and errors as `{"error":{"code","message"}}`. The variable part of a path is percent-encoded. Names are
 * whole and without the final dot, instants are ISO 8601.
 */
export interface Endpoint {
  readonly method: "GET" | "PATCH";
  /** `*` stands for the variable part. */
  readonly path: string;
  readonly handle: ApiHandler;
}

export const ENDPOINTS: readonly Endpoint[] = [
  { method: "GET", path: "/api/v1/zones/*", handle: readZone },
  { method: "PATCH", path: "/api/v1/zones/*/rrsets", handle: patchRrsets },
  { method: "GET", path: "/api/v1/changes", handle: listChanges },
  { method: "GET", path: "/api/v1/changes/*", handle: readChange },
];

/** Answers one call. Never throws: what goes wrong is in the answer. */
export async function answerRest(server: Context, request: Request): Promise<Response> {
  try {
    const { pathname, searchParams: query } = new URL(request.url);
    const { handle, subject } = findEndpoint(request.method, pathname);
    const actor = await callerOf(server, request);
    const data = await handle({ server, actor, subject, query, request });
    return Response.json(data, { headers: { "cache-control": "no-store" } });
  } catch (error) {
    return failureResponse(error);
  }
}

function findEndpoint(method: string, pathname: string): Pick<Endpoint, "handle"> & { subject: string } {
  const parts = pathname.split("/");
  const fitting = ENDPOINTS.filter(({ path }) => {
    const pattern = path.split("/");
    return (
      pattern.length === parts.length &&
      pattern.every((part, at) => (part === "*" ? parts[at] !== "" : part === parts[at]))
    );
  });
  if (fitting.length === 0) throw new ApiError(404, "not-found", "There is no such address in this API.");
  const found = fitting.find((endpoint) => endpoint.method === (method === "HEAD" ? "GET" : method));
  if (!found) {
    const allow = fitting.map((endpoint) => endpoint.method).join(", ");
    throw new ApiError(405, "invalid-input", `Use ${allow} here.`, { allow });
  }
  const at = found.path.split("/").indexOf("*");
  return { handle: found.handle, subject: at < 0 ? "" : decoded(parts[at] ?? "") };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new ApiError(400, "invalid-input", "The address is not percent-encoded as it should be.");
  }
}

/** An API token, as WHM's clients send it or alone. It is held to its own addresses; the trusted IPs are for cluster members. */
async function callerOf(server: Context, request: Request): Promise<UserActor> {
  const header = request.headers.get("authorization") ?? "";
  const bearer = /^bearer\s+(\S{1,2000})$/i.exec(header.trim())?.[1];
  const caller = bearer === undefined ? whmCaller(header) : { username: null, token: bearer };
  if (!caller)
    throw new AppError(
      "unauthenticated",
      "Send an API token in the header “Authorization: Bearer TOKEN” or “Authorization: whm USER:TOKEN”.",
    );
  return authenticateCaller(server, request, caller);
}
