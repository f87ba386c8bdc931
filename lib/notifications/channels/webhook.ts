import { createHmac } from "node:crypto";
import { createHttpClient } from "@/lib/drivers/http/http-client";
import { resolveMember } from "@/lib/drivers/http/resolve-member";
import { DriverError } from "@/lib/errors";
import type { SendResult } from "./channel";

/** Where notices are posted to. */
export interface Webhook {
  readonly url: string;
  /** Signs each call; never sent. */
  readonly secret: string;
  /** CIDRs of loopback and link-local networks that are fine, as for members. */
  readonly allowedNetworks: readonly string[];
}

export interface WebhookCall {
  /** The same at every try. */
  readonly id: string;
  readonly body: string;
  /** Epoch milliseconds of this try. */
  readonly at: number;
}

const TIMEOUT_MS = 10_000;
const MOST_BYTES = 64 * 1_024;

/**
 * What a receiver checks: `v1=` and the HMAC-SHA256, hex, of "TIMESTAMP.BODY". The timestamp is signed as well, so that an old call cannot be played again.
 * @param timestamp seconds since the epoch
 */
export function signWebhook(secret: string, timestamp: number, body: string): string {
  return `v1=${createHmac("sha256", secret).update(`${timestamp}.${body}`).digest("hex")}`;
}

/** Posts one notice. Redirects are not followed; the address is held to the same rules as a member's. Never throws for what the other side does. */
export async function callWebhook(webhook: Webhook, call: WebhookCall, signal: AbortSignal): Promise<SendResult> {
  const url = new URL(webhook.url);
  const isPlain = url.protocol === "http:";
  const serverName = url.hostname.replace(/^\[|\]$/g, "");
  const timestamp = Math.floor(call.at / 1_000);
  try {
    const client = createHttpClient({
      ...{ address: await resolveMember(serverName, webhook.allowedNetworks), serverName, isPlain, pin: null },
      ...{ port: Number(url.port || (isPlain ? 80 : 443)), maxSockets: 1 },
    });
    try {
      const { status } = await client.request({
        ...{ method: "POST", path: url.pathname + url.search, body: call.body, operation: "the webhook", signal },
        headers: {
          "content-type": "application/json",
          "zonefleet-id": call.id,
          "zonefleet-timestamp": String(timestamp),
          "zonefleet-signature": signWebhook(webhook.secret, timestamp, call.body),
        },
        ...{ firstByteTimeoutMs: TIMEOUT_MS, totalTimeoutMs: TIMEOUT_MS, maxResponseBytes: MOST_BYTES },
      });
      return { outcome: "sent", reply: `${url.host} answered with HTTP ${status}.` };
    } finally {
      client.close();
    }
  } catch (error) {
    if (!(error instanceof DriverError)) throw error;
    return { outcome: "later", reply: withoutPath(error.message, url), isAboutChannel: error.kind !== "rejected" };
  }
}

/** The path is often the receiver's secret: an answer that repeats it is not shown with it. */
function withoutPath(words: string, { pathname, search }: URL): string {
  return [pathname + search, pathname].reduce(
    (text, secret) => (secret.length > 4 ? text.replaceAll(secret, "/…") : text),
    words,
  );
}
