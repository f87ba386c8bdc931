import { parseCanonicalZone } from "@/lib/dns/zone-file";
import type { Driver, ZoneOutcome, ZoneWork } from "@/lib/drivers/driver";
import { DriverError, type DriverErrorKind } from "@/lib/errors";
import { fitZone, type HeldRecord } from "./fit-zone";
import { planChanges } from "./plan-changes";
import type { RecordService } from "./record-service";

/** Failures that speak of one zone; all others hold for every zone, and are thrown. */
const ABOUT_ZONE: ReadonlySet<DriverErrorKind> = new Set(["rejected", "unsupported", "conflict", "not-found"]);

/**
 * The driver of a service that stores record by record: looks at what it holds and changes as little as makes it the wanted, as far as it can
 * hold that. Such a service cannot change a zone at once: one that is cut off in the middle is finished by the next try.
 */
export function createRecordDriver(service: RecordService): Driver {
  const { limits } = service;
  const reason = `${limits.service} numbers zones itself and holds a part of them: its copies are neither newer nor older than ours.`;
  const unreadable = (operation: string) => new DriverError("unsupported", limits.service, operation, reason);

  const assertGoing = (signal: AbortSignal, operation: string) => {
    if (signal.aborted) throw new DriverError("aborted", limits.service, operation, "The request was given up.");
  };

  async function settle(work: ZoneWork, signal: AbortSignal): Promise<ZoneOutcome> {
    const { name, seq, desired } = work;
    try {
      const notes = desired ? await bring(service, name, desired.text, signal) : await drop(service, name, signal);
      return { name, seq, status: "accepted", notes };
    } catch (error) {
      if (error instanceof DriverError && ABOUT_ZONE.has(error.kind)) return { name, seq, status: "failed", error };
      throw error;
    }
  }

  return {
    capabilities: {
      // A zone takes a call for each record that differs. When the service asks to wait, all zones wait, and none is set aside for it.
      batchSize: 1,
      // Compared with what is really there: what somebody changed at the service is put right as well.
      wantsPreviousText: false,
      read: { supported: false, reason },
      ownSerials: { reason: `${limits.service} numbers zones itself.` },
    },
    async apply(work, signal) {
      assertGoing(signal, "apply");
      const outcomes: ZoneOutcome[] = [];
      for (const item of work) outcomes.push(await settle(item, signal));
      return outcomes;
    },
    list: (signal) => ({
      [Symbol.asyncIterator]: () => ({
        async next() {
          assertGoing(signal, "list");
          throw unreadable("list");
        },
      }),
    }),
    async fetch(_names, signal) {
      assertGoing(signal, "fetch");
      throw unreadable("fetch");
    },
    status: async (signal) => {
      assertGoing(signal, "status");
      return service.status(signal);
    },
    close: async () => service.close(),
  };
}

async function bring(
  service: RecordService,
  apex: string,
  text: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { records, notes, own, refusal, obstacle } = fitZone(parseCanonicalZone(text, apex), service.limits);
  if (refusal !== null) throw new DriverError("unsupported", service.limits.service, "apply", refusal);
  const there = await service.find(apex, signal);
  if (!there && obstacle !== null) throw new DriverError("unsupported", service.limits.service, "apply", obstacle);
  const found = there ?? (await make(service, apex, records, signal));
  for (const change of planChanges(records, found.records)) await service.change(found, change, signal);
  return [...notes, own];
}

async function make(service: RecordService, apex: string, records: readonly HeldRecord[], signal: AbortSignal) {
  const { service: name } = service.limits;
  await service.create(apex, records, signal);
  const made = await service.find(apex, signal);
  if (made) return made;
  throw new DriverError("bad-response", name, "apply", `${name} says that it made ${apex}, and does not list it.`);
}

async function drop(service: RecordService, apex: string, signal: AbortSignal): Promise<readonly string[]> {
  const found = await service.find(apex, signal);
  if (found) await service.remove(found, signal);
  return [];
}
