import type { UserActor } from "@/lib/access/actor";
import type { Context } from "@/lib/context";
import { AppError } from "@/lib/errors";
import { CLIENT_HEADER, FORWARDED_HEADER } from "@/lib/net/client-header";
import type { WireRequest } from "@/lib/net/exchange";
import { authenticateToken } from "@/lib/tokens/authenticate";

/**
 * Who calls: `Authorization: whm USER:TOKEN`. The deprecated remote access hash came in the same place with line breaks in it; a token
 * that was pasted with one is still that token.
 * @throws AppError "unauthenticated", "rate-limited"
 */
export async function callerOf(ctx: Context, request: WireRequest): Promise<UserActor> {
  const caller = whmCaller(request.headers.get("authorization") ?? "");
  if (!caller)
    throw new AppError("unauthenticated", "Send an API token in the header “Authorization: whm USER:TOKEN”.");
  return authenticateCaller(ctx, request, caller);
}

/** Whom a header of WHM's form names; null: it has another form. */
export function whmCaller(header: string): { username: string; token: string } | null {
  const match = /^whm\s+([^:\s]{1,100}):(.{1,2000})$/is.exec(header.trim());
  return match?.[1] && match[2] ? { username: match[1], token: match[2].replace(/\s+/g, "") } : null;
}

/** @throws AppError "unauthenticated", "rate-limited" */
export function authenticateCaller(
  ctx: Context,
  request: Pick<WireRequest, "headers">,
  caller: { username: string | null; token: string },
): Promise<UserActor> {
  const address = request.headers.get(CLIENT_HEADER) ?? "";
  const isForwarded = request.headers.has(FORWARDED_HEADER);
  return authenticateToken(ctx, { ...caller, address, isForwarded });
}
