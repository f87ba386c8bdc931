import type { IncomingMessage } from "node:http";
import { promisify } from "node:util";
import { unzip } from "node:zlib";
import { DriverError, errorMessage } from "@/lib/errors";

const decompress = promisify(unzip);

/**
 * Reads a whole answer, decompressed (gzip or deflate).
 * @param limit octets, before and after decompression: a small answer that unpacks to gigabytes ends here
 * @throws DriverError bad-response
 */
export async function readBody(
  response: IncomingMessage,
  limit: number,
  subject: string,
  operation: string,
): Promise<Buffer> {
  const wrong = (message: string, cause?: unknown) =>
    new DriverError("bad-response", subject, operation, `${subject} ${message}`, { cause });
  const tooLong = () => wrong(`sent more than ${Math.round(limit / 1_048_576)} MiB.`);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) throw tooLong();
    chunks.push(chunk);
  }
  if (!response.complete) throw wrong("closed the connection in the middle of its answer.");
  const body = chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
  const encoding = (response.headers["content-encoding"] ?? "identity").trim().toLowerCase();
  if (encoding === "identity" || encoding === "" || body.length === 0) return body;
  if (!/^(x-)?gzip$|^deflate$/.test(encoding)) throw wrong(`sent an answer in an encoding that was not asked for.`);
  try {
    return await decompress(body, { maxOutputLength: limit });
  } catch (cause) {
    if (cause instanceof RangeError) throw tooLong();
    throw wrong(`sent a damaged answer: ${errorMessage(cause)}.`, cause);
  }
}
