import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { PATH_HEADER } from "./path-header";

/** Answers that are no documents: programs read them, or they are files of the build. */
const NO_PAGE = /^\/(_next|api|json-api|scripts2|cgi|metrics|healthz)(\/|$)/;

/** Half a year, in seconds. */
const HSTS_AGE = 15_552_000;

/**
 * Prepares a request for a page, before Next sees it: a fresh nonce in a strict Content-Security-Policy (Next finds it in the request and puts it
 * on its scripts), the path asked for (so that sign-in leads back), and Strict-Transport-Security where the browser came over TLS.
 * Whatever a caller sends in these request headers is overwritten.
 *
 * Styles stay `unsafe-inline`: positions of menus and widths of bars are style attributes, which no nonce covers.
 */
export function setPageHeaders(
  request: Pick<IncomingMessage, "headers" | "url">,
  response: Pick<ServerResponse, "setHeader">,
  { isDevelopment }: { isDevelopment: boolean },
): void {
  const url = request.url ?? "/";
  request.headers[PATH_HEADER] = pathOf(url);
  for (const name of ["content-security-policy", "content-security-policy-report-only", "x-nonce"])
    delete request.headers[name];
  if (request.headers["x-forwarded-proto"] === "https")
    response.setHeader("Strict-Transport-Security", `max-age=${HSTS_AGE}`);
  if (NO_PAGE.test(url)) return;
  const nonce = randomBytes(16).toString("base64");
  const policy = contentSecurityPolicy(nonce, isDevelopment);
  request.headers["content-security-policy"] = policy;
  request.headers["x-nonce"] = nonce;
  response.setHeader("Content-Security-Policy", policy);
}

/** The path with its query, without what Next's router adds to its own requests. */
function pathOf(url: string): string {
  const [path = "/", search = ""] = url.split("?", 2);
  const query = search
    .split("&")
    .filter((part) => part !== "" && !part.startsWith("_rsc="))
    .join("&");
  return query === "" ? path : `${path}?${query}`;
}

function contentSecurityPolicy(nonce: string, isDevelopment: boolean): string {
  return [
    "default-src 'self'",
    // React's development build evaluates code for its stack traces; the compiler's updates come over a web socket.
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${isDevelopment ? " 'unsafe-eval'" : ""}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    `connect-src 'self'${isDevelopment ? " ws: wss:" : ""}`,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}
