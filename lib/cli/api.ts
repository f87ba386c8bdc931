import { createHash, X509Certificate } from "node:crypto";
import { lookup } from "node:dns/promises";
import { existsSync, readFileSync } from "node:fs";
import { isIP } from "node:net";
import path from "node:path";
import { z } from "zod";
import { createHttpClient, type HttpResponse } from "@/lib/drivers/http/http-client";
import type { ClientEnv } from "@/lib/env";
import { DriverError } from "@/lib/errors";
import { CallFailed, CallRefused, type CommandCall, EXIT, UsageError } from "./command";

const envelope = z.object({
  data: z.record(z.string(), z.unknown()).nullable(),
  metadata: z.object({ result: z.number(), reason: z.string() }),
});

const restError = z.object({ error: z.object({ message: z.string() }) });

/** A zone of 32 MiB in base64, and the envelope around it. */
const MAX_RESPONSE = 64 * 1_048_576;

interface ApiOptions {
  readonly server: string | undefined;
  readonly user: string;
  readonly token: string | undefined;
  readonly pin: string | undefined;
}

export interface Api {
  readonly call: CommandCall["api"];
  readonly rest: CommandCall["rest"];
  close(): void;
}

/**
 * A connection to a server's WHM API 1 and REST API. Its certificate is always checked: against `pin`, against the one in the data directory for a server on this machine, and
 * otherwise against the system's roots.
 * @throws UsageError, CallFailed
 */
export async function connectApi(options: ApiOptions, env: ClientEnv): Promise<Api> {
  const token = options.token ?? env.token;
  if (!token) throw new UsageError("Give an API token in ZONEFLEET_TOKEN, or with --token.");
  const url = serverUrl(options.server ?? env.server ?? `https://localhost:${env.port}`);
  const serverName = url.hostname.replace(/^\[(.*)\]$/, "$1");
  const pin = options.pin ?? (isLocal(serverName) ? localPin(env.dataDir) : null);
  const client = createHttpClient({
    address: await resolve(serverName),
    port: Number(url.port || 2087),
    serverName,
    pin,
    headers: { authorization: `whm ${options.user}:${token}` },
  });
  return {
    async call(name, fields = []) {
      const given = fields.flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as [string, string]]));
      return answer(envelopeData, async () => {
        const { body } = await client.request({
          method: "POST",
          path: `/json-api/${name}`,
          headers: { "content-type": "application/x-www-form-urlencoded" },
          body: String(new URLSearchParams([["api.version", "1"], ...given])),
          operation: name,
          signal: AbortSignal.timeout(120_000),
          firstByteTimeoutMs: 60_000,
          totalTimeoutMs: 120_000,
          maxResponseBytes: MAX_RESPONSE,
        });
        return body;
      });
    },
    async rest(method, path, { body, seconds = 60 } = {}) {
      const timeoutMs = (seconds + 30) * 1_000;
      return answer(JSON.parse, async () => {
        const answered = await client.request({
          ...{ method, path: `/api/v1/${path}`, operation: path, explain: (response) => explain(response, serverName) },
          ...(body === undefined
            ? {}
            : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
          ...{ signal: AbortSignal.timeout(timeoutMs), firstByteTimeoutMs: timeoutMs, totalTimeoutMs: timeoutMs },
          maxResponseBytes: MAX_RESPONSE,
        });
        return answered.body;
      });
    },
    close: () => client.close(),
  };
}

async function answer<T>(read: (text: string) => T, request: () => Promise<Buffer>): Promise<T> {
  try {
    return read((await request()).toString("utf8"));
  } catch (error) {
    if (error instanceof DriverError) throw failureOf(error);
    if (error instanceof SyntaxError || error instanceof z.ZodError)
      throw new CallFailed("What answers there is not a Zonefleet server.");
    throw error;
  }
}

function envelopeData(text: string): Record<string, unknown> {
  const { data, metadata } = envelope.parse(JSON.parse(text));
  if (metadata.result !== 1) throw new CallRefused(metadata.reason);
  return data ?? {};
}

/** The REST API's own words for a refusal. What is about the token has words here already. */
function explain({ status, body }: HttpResponse, subject: string): DriverError | undefined {
  if (status === 401 || status === 403 || status >= 500) return undefined;
  try {
    return new DriverError(
      "rejected",
      subject,
      "call",
      restError.parse(JSON.parse(body.toString("utf8"))).error.message,
    );
  } catch {
    // Something else answers there: the status says what there is to say.
    return undefined;
  }
}

/** What a failure on the way means here. */
function failureOf({ kind, message }: DriverError): CallFailed {
  switch (kind) {
    case "auth":
      return new CallFailed(
        "The server does not take this token: it is not valid or has expired, lacks the privilege, or may not be used from here.",
        EXIT.failed,
      );
    case "rate-limited":
      return new CallFailed(message, EXIT.failed);
    case "rejected":
      return new CallRefused(message);
    default:
      return new CallFailed(message);
  }
}

function serverUrl(text: string): URL {
  const given = /^https?:\/\//.test(text) ? text : `https://${text}`;
  const url = URL.canParse(given) ? new URL(given) : null;
  if (url?.protocol !== "https:")
    throw new UsageError("--server takes an address such as https://ns1.example.net:2087.");
  return url;
}

async function resolve(host: string): Promise<string> {
  if (isIP(host) !== 0) return host;
  try {
    return (await lookup(host)).address;
  } catch {
    throw new CallFailed(`There is no server ${host}: its name does not resolve.`);
  }
}

const isLocal = (host: string) => host === "localhost" || host === "::1" || host.startsWith("127.");

/** SHA-256 of the public key in the data directory's certificate, base64; null where there is none. */
function localPin(dataDir: string): string | null {
  const file = path.join(dataDir, "tls", "cert.pem");
  if (!existsSync(file)) return null;
  const { publicKey } = new X509Certificate(readFileSync(file));
  return createHash("sha256")
    .update(publicKey.export({ type: "spki", format: "der" }))
    .digest("base64");
}
