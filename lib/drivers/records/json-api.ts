import { z } from "zod";
import { createHttpClient, type HttpRequest, type HttpResponse } from "@/lib/drivers/http/http-client";
import { excerpt } from "@/lib/drivers/http/status-error";
import type { Transaction } from "@/lib/drivers/http/transaction";
import { bodyText, requestText, withoutSecrets } from "@/lib/drivers/http/transcript";
import { DriverError } from "@/lib/errors";

/** How a hosted DNS service is reached. */
export interface ServiceConfig {
  /** Hostname of its API. */
  readonly host: string;
  /** Numeric address that it resolved to; no other is ever called. */
  readonly address: string;
  readonly port: number;
  /** HTTP Basic: user name or e-mail address, and API key. */
  readonly username: string;
  readonly token: string;
  /** SHA-256 of the certificate's public key, base64; null: the system's roots decide. */
  readonly pin: string | null;
  /** Its nameservers, asked over DNS: hostnames or numeric addresses, with `@PORT` where it is not 53. */
  readonly nameservers: readonly string[];
  /** Debug mode: is told about every exchange, without credentials. */
  readonly onTransaction?: (transaction: Transaction) => void;
}

export interface JsonCall<T> {
  readonly method: HttpRequest["method"];
  /** Path and query, encoded. */
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** What is being done, for messages. */
  readonly operation: string;
  readonly schema: z.ZodType<T>;
}

export interface JsonApi {
  /** @throws DriverError as HttpClient's `request`; "bad-response" for an answer that is no JSON or of another shape */
  call<T>(call: JsonCall<T>, signal: AbortSignal): Promise<T>;
  close(): void;
}

const SECOND = 1_000;
/** Octets of an answer: an account with tens of thousands of records. */
const MAX_ANSWER = 32 * 1_048_576;

/**
 * A JSON API behind HTTP Basic.
 * @param service what people call it, for messages
 * @param explain what an answer outside of 2xx means beyond its status
 */
export function createJsonApi(
  service: string,
  config: ServiceConfig,
  explain: (response: HttpResponse, operation: string) => DriverError | undefined,
): JsonApi {
  const credential = Buffer.from(`${config.username}:${config.token}`).toString("base64");
  const secrets = [config.token, credential];
  /** What is quoted in a message. */
  const cleaned = (body: Buffer) => Buffer.from(withoutSecrets(body.toString("utf8"), secrets));
  const client = createHttpClient({
    address: config.address,
    port: config.port,
    serverName: config.host,
    pin: config.pin,
    headers: {
      authorization: `Basic ${credential}`,
      accept: "application/json",
    },
  });

  return {
    async call({ method, path, body, operation, schema }, signal) {
      const sent = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
      const start = performance.now();
      let reply: Buffer = Buffer.alloc(0);
      const report = (error: string | null) =>
        config.onTransaction?.({
          operation,
          method,
          sent: sent?.length ?? 0,
          received: reply.length,
          durationMs: Math.round((performance.now() - start) * 10) / 10,
          error,
          request: [requestText(method, path, null), ...(sent ? [bodyText(sent, secrets)] : [])].join("\n"),
          reply: bodyText(reply, secrets),
        });
      try {
        const response = await client.request({
          method,
          path,
          operation,
          signal,
          ...(sent === undefined ? {} : { body: sent, headers: { "content-type": "application/json" } }),
          firstByteTimeoutMs: 30 * SECOND,
          maxResponseBytes: MAX_ANSWER,
          explain: (answer) => {
            reply = answer.body;
            return explain({ ...answer, body: cleaned(answer.body) }, operation);
          },
        });
        reply = response.body;
        const parsed = schema.safeParse(parseJson(response.body));
        if (!parsed.success) throw foreign(service, operation, cleaned(response.body));
        report(null);
        return parsed.data;
      } catch (error) {
        report(error instanceof Error ? error.message : String(error));
        throw error;
      }
    },
    close: () => client.close(),
  };
}

/** The JSON in an answer; null for an empty one, undefined for one that is no JSON. */
export function parseJson(body: Buffer): unknown {
  if (body.length === 0) return null;
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return undefined;
  }
}

/** An answer that says only by its status that something was done: any JSON, or nothing. A web page is no such answer. */
export const doneAnswer = z.unknown().refine((answer) => answer !== undefined);

/** A path that does not exist is a service that is gone or another one, not a zone that is not found: it holds for every zone. */
export function noService(service: string, operation: string): DriverError {
  const message = `${service} does not know ${operation}: its API is not there any more, or something else answers in its place.`;
  return new DriverError("bad-response", service, operation, message);
}

/** How services name things: numbers or texts. */
export const serviceId = z.union([z.number(), z.string()]).transform(String);

function foreign(service: string, operation: string, body: Buffer): DriverError {
  const words = excerpt(body, undefined);
  return new DriverError(
    "bad-response",
    service,
    operation,
    `${service} answered in another form than expected: ${words}`,
  );
}
