import type { IncomingMessage, ServerResponse } from "node:http";
import { cookieValue } from "@/lib/auth/cookie-value";
import { sessionActor } from "@/lib/auth/session-actor";
import { sessionCookie } from "@/lib/auth/session-token";
import type { Context } from "@/lib/context";

const KIB = 1_024;
/** For the sign-in and set-up forms. */
const STRANGERS = 256 * KIB;
/** For uploads of zones: what server actions take (next.config.js), and the form around it. */
const SIGNED_IN = 65 * KIB * KIB;

export interface BodyRefusal {
  readonly status: 411 | 413;
  readonly message: string;
}

/**
 * Whether a request's body is more than its sender may send. Actions and next-auth read bodies whole into memory before they ask who sent them, so that
 * anybody could fill it. Node holds senders to the length they name; browsers always name one.
 * @returns null when it may be read
 */
export async function bodyRefusal(
  ctx: Pick<Context, "db" | "secrets" | "env">,
  { headers }: Pick<IncomingMessage, "headers">,
): Promise<BodyRefusal | null> {
  if (headers["transfer-encoding"] !== undefined)
    return { status: 411, message: "Send the request with its Content-Length." };
  const length = Number(headers["content-length"] ?? 0);
  if (length <= STRANGERS) return null;
  const isSignedIn = (await sessionActor(ctx, cookieValue(headers.cookie, sessionCookie(ctx).name), "")) !== null;
  if (isSignedIn && length <= SIGNED_IN) return null;
  const message = isSignedIn ? "The request is larger than 65 MiB. Send less at a time." : "Sign in before you upload.";
  return { status: 413, message };
}

/** Answers without reading the body; the connection ends with the answer. */
export function refuseBody(response: ServerResponse, { status, message }: BodyRefusal): void {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8", connection: "close" });
  response.end(`${message}\n`);
}
