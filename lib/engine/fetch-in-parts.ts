import type { Driver } from "@/lib/drivers/driver";
import { DriverError, type DriverErrorKind } from "@/lib/errors";
import { logger } from "@/lib/logger";

const log = logger("pull");

/** Failures that what was asked for may have brought about. */
const ABOUT_CONTENT: ReadonlySet<DriverErrorKind> = new Set(["bad-response", "rejected", "not-found", "unsupported"]);

type Fetched = Awaited<ReturnType<Driver["fetch"]>>;

/** An answer that is too large or cannot be read is asked for again in halves. A zone that fails alone is left out: it must not hold up all others for ever. */
export async function* fetchInParts(
  driver: Driver,
  names: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<Fetched> {
  try {
    yield await driver.fetch(names, signal);
  } catch (error) {
    if (!(error instanceof DriverError) || !ABOUT_CONTENT.has(error.kind)) throw error;
    if (names.length === 1) {
      log.warn("a member's zone cannot be fetched", { zone: names[0], reason: error.message });
      return;
    }
    const middle = names.length >> 1;
    yield* fetchInParts(driver, names.slice(0, middle), signal);
    yield* fetchInParts(driver, names.slice(middle), signal);
  }
}
