import { decode, encode, type JWT } from "next-auth/jwt";
import type { Context } from "@/lib/context";
import { sha256 } from "@/lib/secrets";

/** How long a session lasts, in seconds, from sign-in. A working day; it is not prolonged by use. */
export const SESSION_SECONDS = 12 * 60 * 60;

/** What the session cookie carries. Everything else is read from the user's row at every request. */
export interface SessionClaims {
  readonly userId: number;
  /** User.sessionEpoch at sign-in; a session of an older epoch is refused. */
  readonly epoch: number;
}

export function sessionSecret(ctx: Pick<Context, "secrets">): string {
  return ctx.secrets.derive("session");
}

/**
 * The session cookie. Cookies ignore ports, and several servers may run on one host: each has a name of its own, made from its key, so that
 * panels which share a key (and a database) share sessions and others never overwrite each other's.
 */
export function sessionCookie(ctx: Pick<Context, "secrets" | "env">) {
  const secure = ctx.env.tls || ctx.env.publicUrl?.startsWith("https:") === true;
  const name = `zonefleet-${sha256(sessionSecret(ctx)).slice(0, 10)}`;
  return {
    name: secure ? `__Host-${name}` : name,
    options: { httpOnly: true, sameSite: "lax", path: "/", secure } as const,
  };
}

/** A signed and encrypted token for the session cookie. */
export function issueSession(ctx: Pick<Context, "secrets">, claims: SessionClaims): Promise<string> {
  return encode({ token: { ...claims }, secret: sessionSecret(ctx), maxAge: SESSION_SECONDS });
}

/** @returns null when the token is missing, expired or not ours. */
export async function readSession(
  ctx: Pick<Context, "secrets">,
  token: string | undefined,
): Promise<SessionClaims | null> {
  if (!token) return null;
  try {
    return claimsOf(await decode({ token, secret: sessionSecret(ctx) }));
  } catch {
    // Expired, forged, truncated or made with another key: whatever it is, nobody is signed in.
    return null;
  }
}

function claimsOf(payload: JWT | null): SessionClaims | null {
  const { userId, epoch } = payload ?? {};
  return typeof userId === "number" && typeof epoch === "number" ? { userId, epoch } : null;
}
