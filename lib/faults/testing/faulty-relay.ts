import type http from "node:http";
import https from "node:https";
import type { AddressInfo } from "node:net";
import { selfSigned } from "@/e2e/emulators/self-signed";

/** One request as it came, and what it is answered with. */
export interface RelayedRequest {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface RelayedAnswer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
  /** The connection is reset after so many octets of the body. */
  readonly cutAfter?: number;
}

/**
 * What a relay makes of a request that its fault is about. `pass` hands it on to the server behind, changed if wanted.
 * null: the connection is cut without an answer.
 */
export type RelayFault = (
  request: RelayedRequest,
  pass: (changed?: Partial<RelayedRequest>) => Promise<RelayedAnswer>,
) => Promise<RelayedAnswer | null> | RelayedAnswer | null;

/**
 * An HTTPS server in front of a real one, with a certificate of its own: what it is asked goes to the real server and back. It can lie in between, as a broken
 * proxy or a broken version of the software would.
 */
export interface FaultyRelay {
  readonly port: number;
  /** SHA-256 of its certificate's public key, base64. */
  pin(): string;
  /** Begins a fault for paths that `on` fits; null: all is well again. */
  set(fault: RelayFault | null, on?: RegExp): void;
  /** Shows another key and certificate from the next connection on; open ones are cut. @returns the way back */
  changeCertificate(): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

/** @param upstream base address of the real server */
export async function startFaultyRelay(upstream: () => string): Promise<FaultyRelay> {
  // The certificate was made a moment ago by a server of this test.
  const agent = new https.Agent({ keepAlive: true, rejectUnauthorized: false });
  const certificate = await selfSigned(["localhost"]);
  let fault: { act: RelayFault; on: RegExp } | null = null;

  const handOn = (request: RelayedRequest): Promise<RelayedAnswer> =>
    new Promise((resolve, reject) => {
      const { "accept-encoding": _, host: __, ...headers } = request.headers;
      const outgoing = https.request(
        `${upstream()}${request.target}`,
        { agent, method: request.method, headers: { ...headers, "content-length": request.body.length } },
        (response) => {
          read(response).then(
            (body) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
            reject,
          );
        },
      );
      outgoing.on("error", reject);
      outgoing.end(request.body);
    });

  const answer = async (incoming: http.IncomingMessage): Promise<RelayedAnswer | null> => {
    const { method = "GET", url = "/", headers } = incoming;
    const request = { method, target: url, headers, body: await read(incoming) };
    const pass = (changed: Partial<RelayedRequest> = {}) => handOn({ ...request, ...changed });
    return fault?.on.test(url) ? fault.act(request, pass) : pass();
  };

  const server = https.createServer(certificate, (incoming, response) => {
    answer(incoming).then(
      (given) => {
        if (given === null) return void response.destroy();
        const { "transfer-encoding": _, connection: __, "keep-alive": ___, ...headers } = given.headers;
        response.writeHead(given.status, { ...headers, "content-length": given.body.length });
        if (given.cutAfter === undefined) return void response.end(given.body);
        response.write(given.body.subarray(0, given.cutAfter), () => incoming.socket.destroy());
      },
      () => response.destroy(),
    );
  });
  server.keepAliveTimeout = 75_000;
  server.on("tlsClientError", () => undefined);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));

  const show = (pair: { key: string; cert: string }) => {
    server.setSecureContext(pair);
    server.closeAllConnections();
  };
  return {
    port: (server.address() as AddressInfo).port,
    pin: () => certificate.pin,
    set(act, on = /^\/scripts2\//) {
      fault = act && { act, on };
    },
    async changeCertificate() {
      show(await selfSigned(["localhost"]));
      return async () => show(certificate);
    },
    close: () =>
      new Promise((resolve) => {
        agent.destroy();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function read(stream: http.IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** An answer that says no more than this. */
export function says(status: number, text: string, headers: http.IncomingHttpHeaders = {}): RelayedAnswer {
  return { status, headers, body: Buffer.from(text) };
}
