import { isIP } from "node:net";
import { CLIENT_HEADER } from "@/lib/net/client-header";

/**
 * The numeric address of the client, as the server wrote it into the request (lib/server/request-headers: a header of this name from outside
 * never arrives); "" when the request did not come through the server.
 */
export function clientAddress(headers: Pick<Headers, "get">): string {
  const value = headers.get(CLIENT_HEADER) ?? "";
  return isIP(value) ? value : "";
}
