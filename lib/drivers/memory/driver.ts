/** A target in memory, for tests of what stands above the drivers. It honours the whole contract and fails only as it is told to. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Driver, RemoteZone, ZoneOutcome, ZoneWork } from "@/lib/drivers/driver";
import { DriverError, type DriverErrorKind } from "@/lib/errors";

/** What goes wrong. Change it at any time; it holds for every call that begins afterwards. */
export interface MemoryFaults {
  /** Zone → how it fails. The other zones of the batch are not touched by it. */
  readonly zones: Map<string, DriverErrorKind>;
  /** Every call throws this kind. */
  target?: DriverErrorKind | undefined;
  /** Throws this kind after so many zones of a batch were applied: the caller cannot know which. */
  breakAfter?: { readonly zones: number; readonly kind: DriverErrorKind } | undefined;
  /** Milliseconds that every call takes. */
  delayMs?: number | undefined;
  /** Zones for which the target claims to have a newer copy. */
  readonly newer: Map<string, { readonly text: string; readonly updatedAt: number }>;
}

export interface MemoryDriverOptions {
  readonly batchSize?: number;
  readonly wantsPreviousText?: boolean;
  readonly faults?: Partial<MemoryFaults>;
}

/** What the target holds of one zone. */
export interface MemoryZone {
  readonly text: string;
  readonly serial: number;
  readonly digest: string;
  readonly updatedAt: number;
}

export interface MemoryDriver extends Driver {
  readonly faults: MemoryFaults;
  /** What the target holds; tests may change it behind the driver's back. */
  readonly zones: Map<string, MemoryZone>;
  /** Changes really made, so that a test can tell that a second `apply` made none. */
  readonly changes: { count: number };
}

const LIST_PAGE = 100;

export function createMemoryDriver(options: MemoryDriverOptions = {}): MemoryDriver {
  const faults: MemoryFaults = { zones: new Map(), newer: new Map(), ...options.faults };
  const zones = new Map<string, MemoryZone>();
  const changes = { count: 0 };

  async function enter(operation: string, signal: AbortSignal): Promise<void> {
    const fail = (kind: DriverErrorKind) => new DriverError(kind, "memory", operation, `${operation} fails as ${kind}`);
    const { target, delayMs } = faults;
    // Waiting ends early when the signal aborts, which is looked at next.
    if (delayMs) await sleep(delayMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) throw fail("aborted");
    if (target) throw fail(target);
  }

  function applyOne({ name, seq, desired }: ZoneWork): ZoneOutcome {
    const kind = faults.zones.get(name);
    if (kind) {
      const error = new DriverError(kind, "memory", "apply", `${name} fails as ${kind}`);
      return { name, seq, status: "failed", error };
    }
    const newer = faults.newer.get(name);
    if (newer) return { name, seq, status: "newer-there", ...newer };
    const held = zones.get(name);
    const isSame = desired ? held?.text === desired.text && held.updatedAt === desired.updatedAt : held === undefined;
    if (!isSame) changes.count += 1;
    if (desired) zones.set(name, desired);
    else zones.delete(name);
    return { name, seq, status: "accepted" };
  }

  return {
    faults,
    zones,
    changes,
    capabilities: {
      batchSize: options.batchSize ?? 100,
      wantsPreviousText: options.wantsPreviousText ?? false,
      read: { supported: true },
    },
    async apply(work, signal) {
      await enter("apply", signal);
      const { breakAfter } = faults;
      return work.map((item, index) => {
        if (index === breakAfter?.zones) {
          throw new DriverError(breakAfter.kind, "memory", "apply", `apply breaks off as ${breakAfter.kind}`);
        }
        return applyOne(item);
      });
    },
    async *list(signal) {
      await enter("list", signal);
      const all = [...zones].map(
        ([name, { serial, digest, updatedAt }]): RemoteZone => ({ name, serial, digest, updatedAt }),
      );
      for (let at = 0; at < all.length; at += LIST_PAGE) yield all.slice(at, at + LIST_PAGE);
    },
    async fetch(names, signal) {
      await enter("fetch", signal);
      return names.flatMap((name) => {
        const held = zones.get(name);
        return held ? [{ name, text: held.text, updatedAt: held.updatedAt }] : [];
      });
    },
    async status(signal) {
      await enter("status", signal);
      return { version: "1", software: "memory", dnsAddresses: [] };
    },
    close: async () => {},
  };
}
