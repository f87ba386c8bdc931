import { describe, expect, it } from "vitest";
import type { SyncPorts, TargetState, Verified } from "./ports";
import { verifyStep } from "./verify";

const target = { id: 1, memberId: 2 } as TargetState;

/** One round over `count` zones that are not served yet. */
async function round(count: number, attempts: number): Promise<readonly Verified[]> {
  const due = Array.from({ length: count }, (_, index) => ({
    ...{ zoneId: index, name: `z${index}.example.`, seq: index, serial: 1, attempts },
  }));
  let written: readonly Verified[] = [];
  const ports = {
    now: () => 1_000,
    observe: async () => new Map(due.map(({ name }) => [name, [{ kind: "absent", reason: "REFUSED" }]])),
    store: {
      verifyDue: async () => due,
      recordVerified: async (_: TargetState, verified: readonly Verified[]) => {
        written = verified;
      },
    },
  } as unknown as SyncPorts;
  const nameserver = { addresses: [{ address: "127.0.0.1", port: 53 }], hasOwnSerials: false };
  await verifyStep(ports, target, nameserver, new AbortController().signal);
  return written;
}

describe("a zone that is not served yet", () => {
  it.each([
    { zones: 1, attempts: 0, afterMs: 3 },
    { zones: 1, attempts: 1, afterMs: 10 },
    { zones: 400, attempts: 0, afterMs: 400 },
    { zones: 400, attempts: 5, afterMs: 1_000 },
  ])("is looked for again $afterMs ms after a round of $zones", async ({ zones, attempts, afterMs }) => {
    const verified = await round(zones, attempts);
    expect(verified).toHaveLength(zones);
    expect(new Set(verified.map(({ nextAt }) => nextAt))).toEqual(new Set([1_000 + afterMs]));
  });
});
