import { isIP } from "node:net";

/** Written into every request by the server (lib/server/request-headers); what a caller sends under this name never arrives. */
const CLIENT_HEADER = "x-zonefleet-client";

/** The numeric address of the client; "" when the request did not come through the server. */
export function clientAddress(headers: Pick<Headers, "get">): string {
  const value = headers.get(CLIENT_HEADER) ?? "";
  return isIP(value) ? value : "";
}
