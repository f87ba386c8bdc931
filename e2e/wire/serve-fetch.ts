import type { Server as HttpServer, IncomingMessage } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { selfSigned } from "../emulators/self-signed";

export interface FetchServer {
  readonly port: number;
  /** SHA-256 of the certificate's public key, base64. */
  readonly pin: string;
  /** PEM. */
  readonly cert: string;
  readonly server: Server | HttpServer;
  close(): Promise<void>;
}

/**
 * Serves a Request → Response function over HTTPS on loopback, so that wire endpoints can be tested byte by byte without Next around them.
 * The caller's address is put where the real server puts it.
 */
export async function serveFetch(
  answer: (request: Request) => Promise<Response> | undefined,
  { address = "127.0.0.1", clientHeader = "x-zonefleet-client" } = {},
): Promise<FetchServer> {
  const certificate = await selfSigned(["localhost", address]);
  const server = createServer({ ...certificate, keepAlive: true, keepAliveTimeout: 30_000 }, (incoming, outgoing) => {
    incoming.headers[clientHeader] = incoming.socket.remoteAddress?.replace(/^::ffff:/, "");
    const handled = answer(webRequest(incoming)) ?? Promise.resolve(new Response("Not found", { status: 404 }));
    handled
      .then(async (response) => {
        outgoing.writeHead(response.status, Object.fromEntries(response.headers));
        if (!response.body) return outgoing.end();
        await pipeline(Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0]), outgoing);
      })
      .catch((error) => outgoing.destroy(error));
  });
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  return {
    port: (server.address() as AddressInfo).port,
    pin: certificate.pin,
    cert: certificate.cert,
    server,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function webRequest(incoming: IncomingMessage): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers))
    if (value !== undefined && !name.startsWith(":"))
      headers.set(name, Array.isArray(value) ? value.join(", ") : value);
  const method = incoming.method ?? "GET";
  const hasBody = method !== "GET" && method !== "HEAD";
  return new Request(`https://${incoming.headers.host ?? "localhost"}${incoming.url ?? "/"}`, {
    method,
    headers,
    ...(hasBody ? { body: Readable.toWeb(incoming) as ReadableStream<Uint8Array>, duplex: "half" } : {}),
  } as RequestInit);
}
