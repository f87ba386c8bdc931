import { ApiError } from "./failure";

const MAX_BYTES = 1_048_576;

/** A request's body as JSON. @throws ApiError when it is none, or longer than one MiB */
export async function readJson({ body }: Request): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  const reader = body?.getReader();
  for (let size = 0; reader; ) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > MAX_BYTES) {
      // Let go of, not cancelled: Node 20 ends the process when a cancelled request still receives.
      reader.releaseLock();
      throw new ApiError(413, "invalid-input", "The request is larger than 1 MiB. Send less at a time.", {
        connection: "close",
      });
    }
    chunks.push(value);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch {
    throw new ApiError(400, "invalid-input", "The body has to be JSON.");
  }
}
