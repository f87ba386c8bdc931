import { isIP } from "node:net";
import { CLIENT_HEADER } from "@/lib/net/client-header";

/** The numeric address of the client; "" when the request did not come through the server. */
export function clientAddress(headers: Pick<Headers, "get">): string {
  const value = headers.get(CLIENT_HEADER) ?? "";
  return isIP(value) ? value : "";
}
