import { Readable } from "node:stream";
import { constants, createGzip } from "node:zlib";
import { formatStamp } from "@/lib/dns/zone-file";
import { ZONE_FIELD } from "@/lib/drivers/whm/form-fields";
import { COMPATIBLE_VERSION, wireName } from "@/lib/drivers/whm/protocol";
import type { WireRequest } from "@/lib/net/exchange";
import type { ZoneText } from "@/lib/zones/member-reads";

/** A zone's file as members get it: the stamp in line 1, by which they tell which copy is newer. */
export function stampedText({ text, updatedAt }: Pick<ZoneText, "text" | "updatedAt">, hostname: string): string {
  return `${formatStamp({ updatedAt, hostname, version: COMPATIBLE_VERSION })}\n${text}`;
}

export function acceptsGzip(request: WireRequest): boolean {
  return /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/i.test(request.headers.get("accept-encoding") ?? "");
}

/** `cpdnszone-NAME=TEXT&…` as a stream: a hundred thousand zones never stand in memory. Compressed where the caller takes it. */
export function zoneStream(zones: AsyncIterable<ZoneText>, hostname: string, request: WireRequest): Response {
  async function* fields() {
    let separator = "";
    for await (const zone of zones) {
      yield `${separator}${ZONE_FIELD}${encodeURIComponent(wireName(zone.name))}=${encodeURIComponent(stampedText(zone, hostname))}`;
      separator = "&";
    }
  }
  const headers = { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" };
  const plain = Readable.from(fields(), { objectMode: false, highWaterMark: 65_536 });
  if (!acceptsGzip(request)) return new Response(webStream(plain), { headers });
  const packed = createGzip({ level: constants.Z_BEST_SPEED });
  // An error while reading ends the answer in the middle, which gzip and the caller notice.
  plain.once("error", (error) => packed.destroy(error)).pipe(packed);
  return new Response(webStream(packed), { headers: { ...headers, "content-encoding": "gzip" } });
}

/** Node's and the web's stream types differ by name only. */
function webStream(stream: Readable): ReadableStream<Uint8Array> {
  return Readable.toWeb(stream) as unknown as ReadableStream<Uint8Array>;
}
