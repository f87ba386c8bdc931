import { type ClientRequest, Agent as HttpAgent, request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { DriverError } from "@/lib/errors";
import { connectionError } from "./connection-problem";
import { readBody } from "./response-body";
import { secretPart, statusError } from "./status-error";
import { networkError } from "./tls-connection";
import { VerifiedAgent } from "./verified-agent";

export interface HttpClientOptions {
  /** Numeric address that every connection goes to (resolve-member); names are never resolved here. */
  readonly address: string;
  readonly port: number;
  /** Hostname for the Host header, SNI, the certificate's name check and messages. */
  readonly serverName: string;
  /** SHA-256 of the server's public key, base64; null: the system's roots decide. */
  readonly pin: string | null;
  /** Sent with every request. The value of `authorization` is taken out of anything that is quoted in an error. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Plain HTTP instead of TLS, for backends that speak nothing else on a trusted network. */
  readonly isPlain?: boolean;
  /** Milliseconds for TCP and TLS. */
  readonly connectTimeoutMs?: number;
  /** Connections at once. */
  readonly maxSockets?: number;
}

export interface HttpRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Path and query, encoded. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
  /** What is being done, for error messages and logs: "synczones", "version". */
  readonly operation: string;
  readonly signal: AbortSignal;
  /** Milliseconds from the start until the answer's head: connecting, sending and the server's work. */
  readonly firstByteTimeoutMs?: number;
  /** Milliseconds for all of it. */
  readonly totalTimeoutMs?: number;
  /** Octets of the decompressed answer. */
  readonly maxResponseBytes?: number;
  /** What an answer outside of 2xx means where its body says more than its status; undefined: the status decides. */
  readonly explain?: (response: HttpResponse) => DriverError | undefined;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Whole and decompressed. */
  readonly body: Buffer;
}

export interface HttpClient {
  /**
   * One exchange on a kept-alive connection. Redirects are not followed. A request that a server drops because it closed the idle connection in
   * that moment is sent once more on a new one; callers send only what may arrive twice.
   * @returns an answer of 2xx
   * @throws DriverError, of every kind; see `statusError` for what the other answers mean. `details` names connection problems.
   */
  request(request: HttpRequest): Promise<HttpResponse>;
  /** Closes every connection. What is under way ends with `held`, and so does every request from now on: none opens another one. Safe to call twice. */
  close(): void;
}

const SECOND = 1_000;
const MIB = 1_048_576;

export function createHttpClient(options: HttpClientOptions): HttpClient {
  const { address, port, serverName, isPlain = false, maxSockets = 4, connectTimeoutMs = 5 * SECOND } = options;
  const agent = isPlain
    ? new HttpAgent({ keepAlive: true, maxSockets, scheduling: "lifo" })
    : new VerifiedAgent({ address, port, serverName, connectTimeoutMs }, options.pin, maxSockets);

  const secret = secretPart(options.headers?.authorization);

  let isClosed = false;

  const open = (request: HttpRequest): ClientRequest => {
    const host = serverName.includes(":") ? `[${serverName}]` : serverName;
    const body = request.body === undefined ? undefined : Buffer.from(request.body);
    const outgoing = (isPlain ? httpRequest : httpsRequest)({
      agent,
      host: address,
      port,
      method: request.method,
      path: request.path,
      signal: request.signal,
      headers: {
        host: `${host}:${port}`,
        "accept-encoding": "gzip, deflate",
        ...(body ? { "content-length": body.length } : {}),
        ...options.headers,
        ...request.headers,
      },
    });
    outgoing.end(body);
    return outgoing;
  };

  const exchange = async (request: HttpRequest): Promise<HttpResponse> => {
    const outgoing = open(request);
    const deadline = createDeadline(outgoing, request, serverName);
    let response: IncomingMessage | undefined;
    try {
      response = await answerOf(outgoing, [request.signal, deadline.signal]);
      deadline.sawFirstByte();
      const body = await readBody(response, request.maxResponseBytes ?? 16 * MIB, serverName, request.operation);
      const answer = { status: response.statusCode ?? 0, headers: response.headers, body };
      if (answer.status >= 200 && answer.status < 300) {
        if (secret !== undefined && body.includes(secret)) throw echoed(serverName, request.operation);
        return answer;
      }
      throw (
        request.explain?.(answer) ?? statusError(answer, serverName, request.operation, options.headers?.authorization)
      );
    } catch (error) {
      // The rest of an answer that is not wanted any more must not be taken for the next one.
      if (!response?.complete) outgoing.destroy();
      throw request.signal.aborted ? aborted(serverName, request.operation, error) : (deadline.missed() ?? error);
    } finally {
      deadline.clear();
    }
  };

  return {
    async request(request) {
      if (request.signal.aborted) throw aborted(serverName, request.operation);
      if (isClosed) throw closed(serverName, request.operation);
      try {
        return await exchange(request).catch((error) => {
          if (isClosed || !(error instanceof StaleConnection)) throw error;
          return exchange(request);
        });
      } catch (error) {
        if (isClosed && !request.signal.aborted) throw closed(serverName, request.operation, error);
        throw networkError(
          error instanceof StaleConnection ? error.cause : error,
          { address, port, serverName },
          request.operation,
        );
      }
    },
    close() {
      isClosed = true;
      agent.destroy();
    },
  };
}

/** The server closed an idle connection while a request was on its way to it; nothing of an answer came. */
class StaleConnection extends Error {}

/** @param signals whichever aborts first ends the waiting: a request without a connection yet hears of its end only when it gets one, or none */
function answerOf(outgoing: ClientRequest, signals: readonly AbortSignal[]): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    for (const signal of signals) {
      const onAbort = () => reject(signal.reason as Error);
      signal.addEventListener("abort", onAbort);
      outgoing.once("close", () => signal.removeEventListener("abort", onAbort));
    }
    outgoing.once("response", resolve);
    outgoing.on("error", (error: NodeJS.ErrnoException) => {
      const isStale = outgoing.reusedSocket && (error.code === "ECONNRESET" || error.code === "EPIPE");
      reject(isStale ? new StaleConnection("stale", { cause: error }) : error);
    });
  });
}

/** What answers is quoted in errors, logs and on pages: an answer with our credential in it (of a debugging proxy, say) goes no further than here. */
function echoed(subject: string, operation: string): DriverError {
  return new DriverError("bad-response", subject, operation, `${subject} sent our credential back. This is no answer.`);
}

function aborted(subject: string, operation: string, cause?: unknown): DriverError {
  return new DriverError("aborted", subject, operation, "The request was given up.", { cause });
}

/** Nothing failed there: this end hung up, as the target is another one now, or nothing is to go to it. */
function closed(subject: string, operation: string, cause?: unknown): DriverError {
  const message = `The connection to ${subject} was closed at this end.`;
  return new DriverError("held", subject, operation, message, { cause });
}

function createDeadline(outgoing: ClientRequest, request: HttpRequest, subject: string) {
  const passed = new AbortController();
  let missed: DriverError | undefined;
  const end = (words: string, ms: number) => () => {
    const message = `${subject} ${words} within ${ms / SECOND} seconds.`;
    missed = connectionError("timeout", subject, request.operation, message, { code: "timeout" });
    outgoing.destroy(missed);
    passed.abort(missed);
  };
  const { firstByteTimeoutMs = 30 * SECOND, totalTimeoutMs = 120 * SECOND } = request;
  const first = setTimeout(end("did not answer", firstByteTimeoutMs), firstByteTimeoutMs);
  const total = setTimeout(end("did not finish its answer", totalTimeoutMs), totalTimeoutMs);
  return {
    /** Aborts when a limit is passed. */
    signal: passed.signal,
    /** The error of the limit that was passed; an answer cut off by it ends with an error of its own. */
    missed: () => missed,
    sawFirstByte: () => clearTimeout(first),
    clear() {
      clearTimeout(first);
      clearTimeout(total);
    },
  };
}
