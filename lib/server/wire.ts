import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type AnyAnswer, WireAnswer, type WireRequest } from "@/lib/net/exchange";

/** Answers a request; undefined: there is no such path. */
export type FetchHandler = (request: WireRequest) => Promise<AnyAnswer> | undefined;

/** Machines' endpoints. Whatever looks different is a page's path, and not found there. */
const WIRE_PATH = /^\/(?:(?:json-api|scripts2)\/\w+|cgi\/trustclustermaster\.cgi)(?:\?|$)/;
/** The REST API's: it has its own words for a path or method that it does not know. */
const REST_PATH = /^\/api\/v1(?:[/?]|$)/;
const METHODS = new Set(["GET", "HEAD", "POST"]);
const REST_METHODS = new Set([...METHODS, "PATCH", "PUT", "DELETE", "OPTIONS"]);
const BODILESS = new Set(["GET", "HEAD"]);

/** Whether a machine calls: its request does not pass through the pages' framework, which takes several times as long as the answer. */
export function isWireRequest({ url = "/" }: Pick<IncomingMessage, "url">): boolean {
  return WIRE_PATH.test(url) || isRestRequest({ url });
}

export function isRestRequest({ url = "/" }: Pick<IncomingMessage, "url">): boolean {
  return REST_PATH.test(url);
}

/**
 * Hands a request to `answer` and its response to the caller. Bodies are streams both ways: `answer` bounds what it reads. What it leaves is thrown away
 * after the answer: a caller that sends everything before it listens gets to the answer, and the connection to its next request.
 * @throws whatever the connection or the response's stream throws; the caller of this ends the connection then
 */
export async function answerWire(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  answer: FetchHandler,
): Promise<void> {
  await exchange(incoming, outgoing, METHODS, (chunks) => answer(wireRequest(incoming, chunks)));
}

/** The same for the REST API, whose answers may wait for something: its handler is told by the request's signal when the caller has hung up. */
export async function answerRestWire(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  answer: (request: Request) => Promise<Response>,
): Promise<void> {
  await exchange(incoming, outgoing, REST_METHODS, (chunks) => answer(webRequest(incoming, outgoing, chunks)));
}

async function exchange(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  methods: ReadonlySet<string>,
  ask: (chunks: AsyncIterableIterator<Uint8Array>) => Promise<AnyAnswer> | undefined,
): Promise<void> {
  const chunks = incoming.iterator({ destroyOnReturn: false }) as AsyncIterableIterator<Uint8Array>;
  const given = methods.has(incoming.method ?? "")
    ? ((await ask(chunks)) ?? new WireAnswer("Not found\n", { status: 404 }))
    : new WireAnswer("Use GET or POST.\n", { status: 405, headers: { allow: [...METHODS].join(", ") } });
  if (given instanceof WireAnswer) sendAnswer(given, incoming, outgoing);
  else await sendResponse(given, incoming, outgoing);
  await chunks.return?.();
  incoming.resume();
}

const NO_SNIFF = { "x-content-type-options": "nosniff" };

function sendAnswer({ status, headers, body }: WireAnswer, incoming: IncomingMessage, outgoing: ServerResponse): void {
  const length = { "content-length": Buffer.byteLength(body) };
  outgoing.writeHead(status, { ...Object.fromEntries(headers), ...length, ...NO_SNIFF });
  outgoing.end(incoming.method === "HEAD" ? undefined : body);
}

async function sendResponse(response: Response, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  outgoing.writeHead(response.status, { ...Object.fromEntries(response.headers), ...NO_SNIFF });
  if (!response.body || incoming.method === "HEAD") {
    outgoing.end();
    await response.body?.cancel();
  } else await pipeline(Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0]), outgoing);
}

function wireRequest(
  { method = "GET", url = "/", headers }: IncomingMessage,
  body: AsyncIterable<Uint8Array>,
): WireRequest {
  const get = (name: string) => {
    const value = headers[name.toLowerCase()];
    return value === undefined ? null : Array.isArray(value) ? value.join(", ") : value;
  };
  return {
    method,
    // Only path and query are read; a Host that is none must not end the request here.
    url: `https://localhost${url}`,
    headers: { get, has: (name) => headers[name.toLowerCase()] !== undefined },
    body: method === "POST" ? body : null,
  };
}

function webRequest(incoming: IncomingMessage, outgoing: ServerResponse, chunks: AsyncIterator<Uint8Array>): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers))
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(", ") : value);
  const hasBody = !BODILESS.has(incoming.method ?? "GET");
  return new Request(`https://localhost${incoming.url ?? "/"}`, {
    method: incoming.method ?? "GET",
    headers,
    signal: goneSignal(outgoing),
    ...(hasBody ? { body: bodyOf(chunks), duplex: "half" } : {}),
  } as RequestInit);
}

/** Aborts when the caller has hung up, or the answer is over. */
function goneSignal(outgoing: ServerResponse): AbortSignal {
  const gone = new AbortController();
  outgoing.once("close", () => gone.abort());
  return gone.signal;
}

/** Nothing is read before it is asked for. (Readable.toWeb reads ahead, and holds back for good what nobody asks for.) */
function bodyOf(chunks: AsyncIterator<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await chunks.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
    },
    { highWaterMark: 0 },
  );
}
