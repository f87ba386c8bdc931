import http from "node:http";
import https from "node:https";
import type net from "node:net";
import { errorMessage } from "@/lib/errors";
import { logger } from "@/lib/logger";
import type { AddressSet } from "@/lib/net/address-set";
import type { Certificate } from "./certificate";
import { settleHeaders } from "./request-headers";

const log = logger("http");

/** First octet of every TLS connection: a handshake record (RFC 8446 §5.1). */
const TLS_HANDSHAKE = 22;
const FIRST_OCTET_MS = 10_000;
const HEADERS_MS = 15_000;
/** A whole request, body included: a bulk of zones over a slow line fits. Answers may take longer (live events). */
const REQUEST_MS = 300_000;
/** Above the 60 s of common proxies, so that it is the proxy that closes an idle connection. */
const KEEP_ALIVE_MS = 75_000;
/** A caller that never finishes its TLS handshake. */
const HANDSHAKE_MS = 15_000;
/** More at once than a large fleet and its administrators open; beyond it new ones are turned away instead of filling memory. */
const MAX_CONNECTIONS = 10_000;

const HINT = "This port speaks HTTPS. Write https:// instead of http:// in the address.\n";
const HTTPS_HINT = `HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${HINT.length}\r\nConnection: close\r\n\r\n${HINT}`;

export type RequestHandler = (request: http.IncomingMessage, response: http.ServerResponse) => Promise<void>;

export interface Listener {
  readonly port: number;
  useCertificate(pair: Certificate): void;
  /** Accepts nothing new, lets requests end for up to `graceMs`, then cuts what is left. */
  close(graceMs: number): Promise<void>;
}

export interface ListenerOptions {
  readonly host: string;
  readonly port: number;
  /** null: plain HTTP, behind a proxy that speaks TLS. */
  readonly certificate: Certificate | null;
  readonly trustedProxies: AddressSet;
}

/** Listens for HTTPS (or plain HTTP) and hands every request to `handle` with headers that can be believed. @throws the socket's error when the port is taken. */
export async function listen(options: ListenerOptions, handle: RequestHandler): Promise<Listener> {
  const open = new Set<http.ServerResponse>();
  const isEncrypted = options.certificate !== null;
  const onRequest = (request: http.IncomingMessage, response: http.ServerResponse) => {
    open.add(response);
    response.once("close", () => open.delete(response));
    settleHeaders(request.headers, {
      remoteAddress: request.socket.remoteAddress,
      isEncrypted,
      trustedProxies: options.trustedProxies,
    });
    handle(request, response).catch((error) => failRequest(request, response, error));
  };
  const limits = {
    requestTimeout: REQUEST_MS,
    headersTimeout: HEADERS_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    noDelay: true,
    handshakeTimeout: HANDSHAKE_MS,
  };
  const secure = options.certificate
    ? https.createServer({ ...limits, ...options.certificate, minVersion: "TLSv1.2" }, onRequest)
    : null;
  const web = secure ?? http.createServer(limits, onRequest);
  web.maxConnections = MAX_CONNECTIONS;
  web.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    log.debug("A request could not be read.", { code: error.code });
    if (socket.writable) socket.end("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
  });
  if (secure) explainHttps(secure);
  await bind(web, options);
  return {
    port: (web.address() as net.AddressInfo).port,
    useCertificate: (pair) => secure?.setSecureContext(pair),
    close: (graceMs) => close(web, open, graceMs),
  };
}

function failRequest(request: http.IncomingMessage, response: http.ServerResponse, error: unknown): void {
  const asked = { method: request.method, path: request.url?.split("?")[0] };
  // Pages that are left and callers that lose patience are everyday life.
  if (response.destroyed && hasHungUp(error)) return void log.debug("A caller hung up before its answer ended.", asked);
  log.error("A request failed.", { ...asked, error });
  // An answer that broke off in the middle must not look whole.
  if (response.headersSent) return void response.destroy();
  response.writeHead(500, { "content-type": "text/plain; charset=utf-8" });
  response.end("The server could not answer. Its log says why.\n");
}

/** Whether that is what Node says of an answer whose connection closed. */
function hasHungUp(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_STREAM_PREMATURE_CLOSE";
}

/**
 * Plain HTTP on the HTTPS port gets an answer that a person understands. The first octet tells which it is, so it is read before TLS takes the
 * connection over; TLS then finds it in the socket's buffer.
 */
function explainHttps(secure: https.Server): void {
  const startTls = secure.listeners("connection");
  secure.removeAllListeners("connection");
  secure.on("tlsClientError", (error) => log.debug("A TLS handshake failed.", { error: error.message }));
  secure.on("connection", (socket: net.Socket) => {
    const giveUp = () => socket.destroy();
    socket.setTimeout(FIRST_OCTET_MS, giveUp);
    socket.on("error", (error) => log.debug("A connection failed.", { error: errorMessage(error) }));
    socket.once("readable", () => {
      const chunk: Buffer | null = socket.read();
      if (!chunk) return;
      socket.setTimeout(0);
      socket.removeListener("timeout", giveUp);
      if (chunk[0] !== TLS_HANDSHAKE) return socket.end(HTTPS_HINT);
      socket.unshift(chunk);
      for (const listener of startTls) listener.call(secure, socket);
    });
  });
}

function bind(server: net.Server, options: ListenerOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host: options.host, port: options.port, backlog: 511 }, () => {
      server.off("error", reject);
      server.on("error", (error) => log.error("The listening socket failed.", { error }));
      resolve();
    });
  });
}

async function close(web: http.Server, open: Set<http.ServerResponse>, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => web.close(() => resolve()));
  // Live events never end by themselves; a page opens them again when the server is back. (Every EventSource sends this header.)
  for (const response of open) if (response.req.headers.accept === "text/event-stream") response.destroy();
  // A connection whose request ends from now on would wait for another one until keep-alive runs out.
  const sweep = setInterval(() => web.closeIdleConnections(), 50);
  const cut = setTimeout(() => {
    log.warn("Requests were cut off: they did not end in time.", { count: open.size });
    web.closeAllConnections();
  }, graceMs);
  await closed;
  clearInterval(sweep);
  clearTimeout(cut);
}
