import { promisify } from "node:util";
import { constants, gzip } from "node:zlib";
import { z } from "zod";
import { connectionError, connectionProblem } from "@/lib/drivers/http/connection-problem";
import { createHttpClient, type HttpRequest } from "@/lib/drivers/http/http-client";
import { excerpt } from "@/lib/drivers/http/status-error";
import type { Transaction } from "@/lib/drivers/http/transaction";
import { bodyText, requestText } from "@/lib/drivers/http/transcript";
import { DriverError } from "@/lib/errors";
import { encodeFields } from "./form-fields";

const compress = promisify(gzip);

/** Below this a compressed body saves less than it costs. */
const GZIP_FROM = 8_192;
const SECOND = 1_000;
/** Octets of an answer: thousands of zones. A batch whose zones are larger is halved by the engine until it fits. */
const MAX_ANSWER = 64 * 1_048_576;

export interface WhmConnectionOptions {
  /** Hostname or numeric address as entered; for SNI, the certificate's name and messages. */
  readonly host: string;
  /** Numeric address that is called. */
  readonly address: string;
  readonly port: number;
  readonly username: string;
  /** API token, or the deprecated remote access hash: its line breaks do not belong to it. */
  readonly token: string;
  readonly pin: string | null;
  readonly onTransaction?: (transaction: Transaction) => void;
}

export interface CommandOptions {
  readonly signal: AbortSignal;
  readonly headers?: Readonly<Record<string, string>>;
  /** Compress a large body. Only for Zonefleet servers: nothing says that WHM reads compressed requests. */
  readonly gzip?: boolean;
  readonly firstByteTimeoutMs?: number;
}

type FieldList = readonly (readonly [name: string, value: string])[];
type Fields = Iterable<FieldList[number]>;

export interface ApiOptions extends CommandOptions {
  readonly args?: Fields;
}

export interface WhmConnection {
  readonly host: string;
  /** A member command, `/scripts2/NAME`. `fields` null: a GET with a bare `?`, as WHM's client sends it. @throws DriverError */
  command(name: string, fields: Fields | null, options: CommandOptions): Promise<Buffer>;
  /** The same, with arguments in a GET. @throws DriverError */
  query(path: string, options: CommandOptions): Promise<Buffer>;
  /**
   * A function of WHM API 1; `schema` is for its data.
   * @throws DriverError "unsupported" when the server does not know the function, "rejected" when it failed there
   */
  api<T>(name: string, schema: z.ZodType<T>, options: ApiOptions): Promise<T>;
  /** A form to one of WHM's own pages, `/cgi/NAME`. @throws DriverError */
  page(name: string, fields: Fields, options: CommandOptions): Promise<Buffer>;
  close(): void;
}

const envelope = z.object({
  data: z.unknown(),
  metadata: z.object({ result: z.coerce.number(), reason: z.string().catch("") }),
});

export function createWhmConnection(options: WhmConnectionOptions): WhmConnection {
  const { host, username, onTransaction } = options;
  const token = options.token.replace(/\s+/g, "");
  const client = createHttpClient({
    address: options.address,
    port: options.port,
    serverName: host,
    pin: options.pin,
    headers: { authorization: `whm ${username}:${token}` },
  });

  const exchange = async (request: HttpRequest, sent: number, fields: FieldList | null): Promise<Buffer> => {
    const start = performance.now();
    const report = (body: Buffer, error: string | null) =>
      onTransaction?.({
        operation: request.operation,
        method: request.body === undefined ? "GET" : "POST",
        sent,
        received: body.length,
        durationMs: Math.round((performance.now() - start) * 10) / 10,
        error,
        request: requestText(request.method, request.path, fields),
        reply: bodyText(body, [token]),
      });
    try {
      const { body } = await client.request(request);
      report(body, null);
      return body;
    } catch (error) {
      const meant = error instanceof DriverError ? asMember(error, host) : error;
      report(Buffer.alloc(0), meant instanceof Error ? meant.message : String(meant));
      throw meant;
    }
  };

  const get = (
    path: string,
    operation: string,
    { signal, headers, firstByteTimeoutMs = 20 * SECOND }: CommandOptions,
  ) =>
    exchange(
      { method: "GET", path, operation, signal, headers, firstByteTimeoutMs, maxResponseBytes: MAX_ANSWER },
      0,
      null,
    );

  const post = async (path: string, operation: string, given: Fields, options: CommandOptions) => {
    const fields = [...given];
    const form = Buffer.from(encodeFields(fields));
    const isCompressed = options.gzip === true && form.length >= GZIP_FROM;
    const headers = {
      // WHM's own client declares every form like this, and its servers read it as one.
      "content-type": "application/octet-stream",
      ...(isCompressed ? { "content-encoding": "gzip" } : {}),
      ...options.headers,
    };
    const body = isCompressed ? await compress(form, { level: constants.Z_BEST_SPEED }) : form;
    const { signal, firstByteTimeoutMs = 60 * SECOND } = options;
    const limits = { firstByteTimeoutMs, totalTimeoutMs: 180 * SECOND, maxResponseBytes: MAX_ANSWER };
    return exchange({ method: "POST", path, operation, signal, headers, body, ...limits }, form.length, fields);
  };

  return {
    host,
    command: (name, fields, call) =>
      fields === null ? get(`/scripts2/${name}?`, name, call) : post(`/scripts2/${name}`, name, fields, call),
    query: (path, call) => get(path, path.replace(/^.*\/|\?.*$/g, ""), call),
    async api(name, schema, call) {
      const query = encodeFields([["api.version", "1"], ...(call.args ?? [])]);
      const body = await get(`/json-api/${name}?${query}`, name, call);
      return readEnvelope(body, name, schema, host);
    },
    page: (name, fields, call) => post(`/cgi/${name}`, name, fields, call),
    close: () => client.close(),
  };
}

/** An HTTP error as it is meant here: a path that does not exist is a server of another kind, not a zone that is not found. */
function asMember(error: DriverError, host: string): DriverError {
  if (error.kind !== "not-found" || connectionProblem(error)) return error;
  return foreignServer(host, error.operation, error.message, error);
}

/** Something answers, and it is no member server. */
export function foreignServer(host: string, operation: string, words: string, cause?: unknown): DriverError {
  const message = `${host} does not answer as a cPanel & WHM, DNSOnly or Zonefleet server. ${words}`;
  return connectionError("bad-response", host, operation, message, { code: "not-a-member-server" }, cause);
}

function readEnvelope<T>(body: Buffer, name: string, schema: z.ZodType<T>, host: string): T {
  const reply = envelope.safeParse(parseJson(body));
  if (!reply.success) throw foreignServer(host, name, `It said: ${excerpt(body, undefined)}`);
  const { data, metadata } = reply.data;
  if (metadata.result !== 1) {
    // The one sentence of WHM's that has no code beside it.
    const kind = metadata.reason.startsWith("Unknown app") ? "unsupported" : "rejected";
    throw new DriverError(kind, host, name, `${host} refused ${name}: ${metadata.reason.slice(0, 300)}`);
  }
  const parsed = schema.safeParse(data);
  if (parsed.success) return parsed.data;
  throw new DriverError("bad-response", host, name, `${host} answered ${name} with data of another shape.`, {
    cause: parsed.error,
  });
}

/** The JSON in an answer; undefined when it is none. */
export function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return undefined;
  }
}
