import { cookies } from "next/headers";
import type { Context } from "@/lib/context";
import { issueSession, SESSION_SECONDS, type SessionClaims, sessionCookie } from "./session-token";

/** Writes the session cookie; in server actions and routes only. */
export async function openSession(ctx: Context, claims: SessionClaims): Promise<void> {
  const { name, options } = sessionCookie(ctx);
  (await cookies()).set(name, await issueSession(ctx, claims), { ...options, maxAge: SESSION_SECONDS });
}
