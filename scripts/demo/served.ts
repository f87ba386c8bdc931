import { setTimeout as sleep } from "node:timers/promises";
import type { DnsAddress } from "@/lib/drivers/driver";
import { querySoaMany } from "@/lib/wire/query";

/**
 * Waits until every address answers for every zone.
 * @throws Error that names what is missing after `limitMs`.
 */
export async function untilServed(
  addresses: readonly DnsAddress[],
  zones: readonly string[],
  limitMs: number,
): Promise<void> {
  const deadline = performance.now() + limitMs;
  const missing = new Map(addresses.map((address) => [address, [...zones]]));
  for (;;) {
    for (const [address, names] of missing) {
      const answers = await querySoaMany(address, names, { timeoutMs: 1_000 });
      const left = names.filter((_, index) => answers[index]?.status !== "answered");
      if (left.length === 0) missing.delete(address);
      else missing.set(address, left);
    }
    if (missing.size === 0) return;
    if (performance.now() > deadline) throw new Error(`Not served in time: ${describe(missing)}`);
    await sleep(25);
  }
}

function describe(missing: Map<DnsAddress, string[]>): string {
  return [...missing]
    .map(([at, names]) => `${names.length} zones at ${at.address}@${at.port} (${names[0]} …)`)
    .join(", ");
}
