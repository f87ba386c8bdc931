import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { selfSigned } from "./self-signed";

/** How an emulated service misbehaves. `on`: requests ("METHOD /path") that it happens to; `after`: so many of them are let through first. */
export type ServiceFault = { readonly on?: RegExp; readonly after?: number } & (
  | {
      readonly kind: "answers";
      readonly status: number;
      readonly body?: string;
      readonly headers?: Record<string, string>;
    }
  /** Does the work, and cuts the connection in place of the answer. */
  | { readonly kind: "drops" }
  | { readonly kind: "silent" }
);

export interface ServiceRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly authorization: string | undefined;
  readonly body: string;
}

export interface ServiceAnswer {
  readonly status: number;
  readonly body: string;
  readonly type?: string;
}

export interface ServiceServer {
  readonly port: number;
  readonly pin: string;
  /** PEM, for clients that check it. */
  readonly certificate: string;
  /** "METHOD /path" of every request, oldest first. */
  readonly requests: readonly string[];
  /** What goes wrong from now on; null: nothing. */
  fault: ServiceFault | null;
  close(): Promise<void>;
}

/** The HTTPS end of an emulated service, on loopback with a self-signed certificate. */
export async function startServiceServer(answer: (request: ServiceRequest) => ServiceAnswer): Promise<ServiceServer> {
  const certificate = await selfSigned(["localhost", "127.0.0.1"]);
  const requests: string[] = [];
  let passed = 0;
  let fault: ServiceFault | null = null;

  const isFaulty = (line: string): ServiceFault | null => {
    if (!fault || !(fault.on ?? /^/).test(line)) return null;
    return passed++ < (fault.after ?? 0) ? null : fault;
  };
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const line = `${request.method} ${(request.url ?? "").split("?")[0]}`;
    requests.push(line);
    const asked: ServiceRequest = {
      method: request.method ?? "",
      url: request.url ?? "/",
      authorization: request.headers.authorization,
      body: await readBody(request),
    };
    const wrong = isFaulty(line);
    if (wrong?.kind === "silent") return;
    if (wrong?.kind === "answers") return response.writeHead(wrong.status, wrong.headers).end(wrong.body ?? "");
    const { status, body, type = "application/json; charset=utf-8" } = answer(asked);
    if (wrong?.kind === "drops") return response.destroy();
    return response.writeHead(status, { "content-type": type, "content-length": Buffer.byteLength(body) }).end(body);
  };
  const server = createServer(certificate, (request, response) => {
    handle(request, response).catch((error) => response.destroy(error));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    pin: certificate.pin,
    certificate: certificate.cert,
    requests,
    get fault() {
      return fault;
    },
    set fault(wanted) {
      passed = 0;
      fault = wanted;
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

/** Whether a request carries this name and key by HTTP Basic. */
export function isBasic(authorization: string | undefined, user: string, key: string): boolean {
  return authorization === `Basic ${Buffer.from(`${user}:${key}`).toString("base64")}`;
}
