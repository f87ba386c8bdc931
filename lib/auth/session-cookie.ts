import { cookies } from "next/headers";
import type { Context } from "@/lib/context";
import { issueSession, SESSION_SECONDS, type SessionClaims, sessionCookie } from "./session-token";

/** Writes the session cookie; in server actions and routes only. */
export async function openSession(ctx: Context, claims: SessionClaims): Promise<void> {
  const { name, options } = sessionCookie(ctx);
  (await cookies()).set(name, await issueSession(ctx, claims), { ...options, maxAge: SESSION_SECONDS });
}

/** Takes the session cookie away. With all of its attributes: browsers ignore a `__Host-` cookie, also an expired one, that is not Secure. */
export async function closeSession(ctx: Context): Promise<void> {
  const { name, options } = sessionCookie(ctx);
  (await cookies()).set(name, "", { ...options, maxAge: 0 });
}
