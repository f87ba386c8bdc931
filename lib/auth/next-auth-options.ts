import type { AuthOptions } from "next-auth";
import { decode, encode } from "next-auth/jwt";
import CredentialsProvider from "next-auth/providers/credentials";
import type { Context } from "@/lib/context";
import { AppError, errorMessage } from "@/lib/errors";
import { logger } from "@/lib/logger";
import { clientAddress } from "./client-address";
import { SESSION_SECONDS, sessionCookie, sessionSecret } from "./session-token";
import { signIn } from "./sign-in";

const log = logger("next-auth");

/** next-auth's own endpoints, with the same sign-in rules, cookie and token as the sign-in page. */
export function nextAuthOptions(ctx: Context): AuthOptions {
  const session = sessionCookie(ctx);
  return {
    secret: sessionSecret(ctx),
    session: { strategy: "jwt", maxAge: SESSION_SECONDS },
    useSecureCookies: session.options.secure,
    cookies: {
      sessionToken: session,
      csrfToken: { name: `${session.name}-csrf`, options: session.options },
      callbackUrl: { name: `${session.name}-back`, options: session.options },
    },
    pages: { signIn: "/sign-in", signOut: "/", error: "/sign-in" },
    jwt: { decode, encode: (params) => encode({ ...params, maxAge: remaining(params.token?.exp) }) },
    providers: [
      CredentialsProvider({
        name: "Zonefleet",
        credentials: { username: { label: "Username" }, password: { label: "Password", type: "password" } },
        async authorize(credentials, request) {
          const { username = "", password = "" } = credentials ?? {};
          const address = clientAddress(new Headers((request.headers ?? {}) as Record<string, string>));
          const claims = await signIn(ctx, { username, password, address });
          return { id: String(claims.userId), ...claims };
        },
      }),
    ],
    callbacks: {
      jwt: ({ token, user }) =>
        user && "epoch" in user ? { ...token, userId: Number(user.id), epoch: user.epoch } : token,
      // Whether the session still holds is asked of the database at every page; here is only until when it could.
      session: ({ session: { expires } }) => ({ expires }),
    },
    logger: {
      error: (code, details) => logUnforeseen(code, details),
      warn: (code) => log.debug("next-auth warns", { code }),
      debug: () => undefined,
    },
  };
}

/** A session is not prolonged by use, so that a token made again ends when the first one would have. */
function remaining(expiresAt: unknown): number {
  if (typeof expiresAt !== "number") return SESSION_SECONDS;
  return Math.max(1, expiresAt - Math.floor(Date.now() / 1_000));
}

/** Refused sign-ins are no errors of the server. */
function logUnforeseen(code: string, details: unknown): void {
  if (details instanceof AppError) return;
  log.error("next-auth failed", { code, error: details instanceof Error ? details : errorMessage(details) });
}
