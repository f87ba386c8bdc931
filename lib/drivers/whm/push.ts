import type { ZoneOutcome, ZoneWork } from "@/lib/drivers/driver";
import { DriverError, type DriverErrorKind } from "@/lib/errors";

/** Work whose zone shall exist. */
export type WantedZone = ZoneWork & { readonly desired: NonNullable<ZoneWork["desired"]> };

/** Characters of zone text in one request: encoded it stays far below the 64 MiB that a receiver takes. */
const MAX_TEXT = 12 * 1_048_576;

/** Failures that speak of what was sent, so that sending less of it tells which zone it is. */
const ABOUT_CONTENT: ReadonlySet<DriverErrorKind> = new Set(["rejected", "unsupported", "conflict"]);

/** Splits work so that no request grows beyond what a receiver takes. A zone that is larger by itself goes alone. */
export function* textChunks(work: readonly WantedZone[]): Generator<WantedZone[]> {
  let chunk: WantedZone[] = [];
  let size = 0;
  for (const item of work) {
    if (chunk.length > 0 && size + item.desired.text.length > MAX_TEXT) {
      yield chunk;
      chunk = [];
      size = 0;
    }
    chunk.push(item);
    size += item.desired.text.length;
  }
  if (chunk.length > 0) yield chunk;
}

/**
 * Pushes zones together, and where that is refused as a whole, in halves, until the refusal belongs to single zones: one bad zone holds up no other.
 * @throws what `push` throws, unless it is a refusal of what was sent
 */
export async function pushIsolating<Work extends ZoneWork>(
  work: readonly Work[],
  push: (part: readonly Work[]) => Promise<ZoneOutcome[]>,
): Promise<ZoneOutcome[]> {
  try {
    return await push(work);
  } catch (error) {
    if (!(error instanceof DriverError) || !ABOUT_CONTENT.has(error.kind)) throw error;
    const [only] = work;
    if (work.length === 1 && only) return [failed(only, error)];
    const middle = work.length >> 1;
    const first = await pushIsolating(work.slice(0, middle), push);
    return [...first, ...(await pushIsolating(work.slice(middle), push))];
  }
}

export function accepted({ name, seq }: ZoneWork): ZoneOutcome {
  return { name, seq, status: "accepted" };
}

export function failed({ name, seq }: ZoneWork, error: DriverError): ZoneOutcome {
  return { name, seq, status: "failed", error };
}
