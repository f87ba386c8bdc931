import type { Server as HttpServer } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { answerWire, type FetchHandler } from "@/lib/server/wire";
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
 * Serves a Request → Response function over HTTPS on loopback, so that wire endpoints can be tested byte by byte as the server hands them on.
 * The caller's address is put where the real server puts it.
 */
export async function serveFetch(
  answer: FetchHandler,
  { address = "127.0.0.1", clientHeader = "x-zonefleet-client" } = {},
): Promise<FetchServer> {
  const certificate = await selfSigned(["localhost", address]);
  const server = createServer({ ...certificate, keepAlive: true, keepAliveTimeout: 30_000 }, (incoming, outgoing) => {
    incoming.headers[clientHeader] = incoming.socket.remoteAddress?.replace(/^::ffff:/, "");
    answerWire(incoming, outgoing, answer).catch((error) => outgoing.destroy(error));
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
