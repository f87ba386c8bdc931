import type { IncomingHttpHeaders } from "node:http";
import { type AddressSet, plainAddress } from "@/lib/net/address-set";
import { CLIENT_HEADER, FORWARDED_HEADER } from "@/lib/net/client-header";

const FORWARDED_HEADERS = ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-port", "x-forwarded-proto"];

/**
 * Makes the headers of a request safe to believe, in place: the caller's address goes into {@link CLIENT_HEADER}, the scheme into
 * `x-forwarded-proto`, and what only a proxy may say is dropped unless a trusted proxy said it. That a proxy which is not trusted said whom it speaks for is
 * noted in {@link FORWARDED_HEADER}: its own address is then nobody's whose word counts, above all not this machine's.
 *
 * X-Forwarded-For grows to the right, so the caller is its rightmost address that is not a trusted proxy: everything left of that may be made up.
 */
export function settleHeaders(
  headers: IncomingHttpHeaders,
  connection: { remoteAddress: string | undefined; isEncrypted: boolean; trustedProxies: AddressSet },
): void {
  const peer = plainAddress(connection.remoteAddress ?? "") ?? "";
  const isProxy = connection.trustedProxies.has(peer);
  const chain = isProxy ? forwardedFor(headers) : [];
  const isForwarded = !isProxy && (headers["x-forwarded-for"] !== undefined || headers.forwarded !== undefined);
  delete headers[FORWARDED_HEADER];
  if (isForwarded) headers[FORWARDED_HEADER] = "1";
  if (!isProxy) for (const name of FORWARDED_HEADERS) delete headers[name];
  const caller = chain.reverse().find((address) => !connection.trustedProxies.has(address));
  headers[CLIENT_HEADER] = caller ?? peer;
  const proto = headers["x-forwarded-proto"];
  if (proto !== "http" && proto !== "https") headers["x-forwarded-proto"] = connection.isEncrypted ? "https" : "http";
}

function forwardedFor(headers: IncomingHttpHeaders): string[] {
  const value = headers["x-forwarded-for"];
  const text = Array.isArray(value) ? value.join(",") : (value ?? "");
  return text
    .split(",")
    .map((part) => plainAddress(part))
    .filter((part) => part !== undefined);
}
