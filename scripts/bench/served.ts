import type { DnsAddress } from "@/lib/drivers/driver";
import { querySoaMany } from "@/lib/wire/query";

/** A zone and the serial that it shall be answered with. */
export interface Wanted {
  readonly name: string;
  readonly serial: number;
}

const ASKED_AT_ONCE = 2_000;
/** Between two questions for a zone that is not there yet. A nameserver that is asked without pause takes ten times as long to change the zone. */
const PAUSE_MS = 1;

/**
 * Asks over DNS until every zone is answered with its serial, and asks only for what was missing the last time.
 * @returns when the last answer came, as epoch milliseconds with fractions.
 * @throws Error that names the first missing zone after `limitMs`.
 */
export async function whenServed(address: DnsAddress, wanted: readonly Wanted[], limitMs: number): Promise<number> {
  const deadline = performance.now() + limitMs;
  let missing = wanted;
  while (missing.length > 0) {
    // The first missing zone tells whether asking for the others is worth it.
    if (!(await isServed(address, missing.slice(0, 1)))) {
      if (performance.now() > deadline)
        throw new Error(
          `${missing.length} of ${wanted.length} zones are not served by ${address.address}: ${missing[0]?.name}`,
        );
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      continue;
    }
    const left: Wanted[] = [];
    for (let at = 1; at < missing.length; at += ASKED_AT_ONCE) {
      const slice = missing.slice(at, at + ASKED_AT_ONCE);
      const answers = await ask(address, slice);
      left.push(...slice.filter((_, index) => !answers[index]));
      if (left.length > 0) {
        left.push(...missing.slice(at + ASKED_AT_ONCE));
        break;
      }
    }
    missing = left;
  }
  return performance.timeOrigin + performance.now();
}

async function isServed(address: DnsAddress, wanted: readonly Wanted[]): Promise<boolean> {
  return (await ask(address, wanted)).every(Boolean);
}

async function ask(address: DnsAddress, wanted: readonly Wanted[]): Promise<boolean[]> {
  const answers = await querySoaMany(
    address,
    wanted.map((zone) => zone.name),
    { timeoutMs: 2_000 },
  );
  return wanted.map(({ serial }, index) => {
    const answer = answers[index];
    return answer?.status === "answered" && answer.serial === serial;
  });
}
