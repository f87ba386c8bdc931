import { once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { randomAlphanumeric } from "@/lib/ids";
import { equalSecret } from "@/lib/secrets";
import type { RequestHandler } from "./listener";

/**
 * Next answers a form that redirects by fetching the next page from its own origin, with the headers of the form's request. That origin would be taken from
 * the Host header, which callers choose, and would fail on a self-signed certificate. So it is a port of its own on loopback, which answers nobody who does
 * not know a key that only this process and the requests it passes on carry.
 */
export interface InternalListener {
  readonly origin: string;
  /** Marks a request from outside as passed on by this process; a value that a caller sent is overwritten. */
  mark(headers: http.IncomingHttpHeaders): void;
  close(): Promise<void>;
}

const KEY_HEADER = "x-zonefleet-internal";

/** @param handle gets requests whose headers were settled when they came in from outside. */
export async function listenInternally(handle: RequestHandler): Promise<InternalListener> {
  const key = randomAlphanumeric(32);
  const server = http.createServer((request, response) => {
    if (equalSecret(String(request.headers[KEY_HEADER] ?? ""), key)) return void handle(request, response);
    response.writeHead(403).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    mark(headers) {
      headers[KEY_HEADER] = key;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
