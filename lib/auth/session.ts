import { cookies, headers } from "next/headers";
import { notFound, redirect } from "next/navigation";
import { cache } from "react";
import type { UserActor } from "@/lib/access/actor";
import { type Action, can } from "@/lib/access/authorize";
import { AppError } from "@/lib/errors";
import { type Runtime, runtime } from "@/lib/runtime";
import { isSetUp } from "@/lib/users/is-set-up";
import { clientAddress } from "./client-address";
import { cookieValue } from "./cookie-value";
import { PATH_HEADER } from "./path-header";
import { sessionActor } from "./session-actor";
import { sessionCookie } from "./session-token";

/** Who is signed in, or null; asked once a request. */
export const signedInActor = cache(async (): Promise<UserActor | null> => {
  const ctx = runtime();
  const [jar, head] = await Promise.all([cookies(), headers()]);
  return sessionActor(ctx, jar.get(sessionCookie(ctx).name)?.value, clientAddress(head));
});

/**
 * Who asks for this page. Leads to /setup before the server is set up, and to /sign-in when nobody is signed in.
 * For actions use `action` (it answers instead of leading away), for routes `actorFor`.
 * @param needs what the page is for: whoever may not do it finds no such page.
 */
export async function currentActor(needs?: Action): Promise<UserActor> {
  if (!(await isSetUp(runtime()))) redirect("/setup");
  const actor = await signedInActor();
  if (actor && needs && !can(actor, needs)) notFound();
  if (actor) return actor;
  const path = (await headers()).get(PATH_HEADER) ?? "/";
  redirect(path === "/" ? "/sign-in" : `/sign-in?to=${encodeURIComponent(path)}`);
}

/** As `currentActor`, for server actions. @throws AppError "unauthenticated" */
export async function requireActor(): Promise<UserActor> {
  const actor = await signedInActor();
  if (!actor) throw signedOut();
  return actor;
}

/** Who sent this request with a session cookie. @throws AppError "unauthenticated" */
export async function actorFor(request: Request, ctx: Runtime = runtime()): Promise<UserActor> {
  const actor = await sessionActor(
    ctx,
    cookieValue(request.headers.get("cookie"), sessionCookie(ctx).name),
    clientAddress(request.headers),
  );
  if (!actor) throw signedOut();
  return actor;
}

function signedOut(): AppError {
  return new AppError(
    "unauthenticated",
    "Your session has ended. Sign in again; nothing that you entered here is lost.",
  );
}
