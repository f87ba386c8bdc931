/** Driver of the supervised Knot: zone files for contents, the control socket for everything else. */

import { parseName } from "@/lib/dns/name";
import { makeZone, soaOf, type ZoneRecord } from "@/lib/dns/zone-build";
import { formatZone } from "@/lib/dns/zone-file";
import type { Driver, RemoteZone } from "@/lib/drivers/driver";
import { applyZones } from "@/lib/drivers/knot/apply-zones";
import { createControlSocket } from "@/lib/drivers/knot/control-socket";
import { servedSerials } from "@/lib/drivers/knot/control-zones";
import { inParallel } from "@/lib/drivers/knot/in-parallel";
import { readLogReasons } from "@/lib/drivers/knot/log-reasons";
import { createZoneStore } from "@/lib/drivers/knot/zone-store";
import { DriverError } from "@/lib/errors";
import { axfr } from "@/lib/wire/axfr";
import type { DnsAddress } from "@/lib/wire/dns-address";

export interface KnotDriverOptions {
  /** Path of the control socket, at most 107 octets. */
  readonly controlSocket: string;
  /** The directory that Knot's default template reads `%s.zone` from. */
  readonly zoneDir: string;
  /** Where Knot answers; it lets this machine transfer zones. */
  readonly addresses: readonly DnsAddress[];
  /** Knot's log, for the reasons of refusals. */
  readonly logFile?: string;
}

const SUBJECT = "local nameserver";
const BATCH_SIZE = 1000;
const LIST_PAGE = 500;
/** Milliseconds that Knot may be silent: a large zone parses for a second, a commit with 100,000 zones for less. */
const CONTROL_TIMEOUT_MS = 30_000;
/** Milliseconds for the transfer of one zone from this machine. */
const TRANSFER_TIMEOUT_MS = 30_000;

export function createKnotDriver({ controlSocket, zoneDir, addresses, logFile }: KnotDriverOptions): Driver {
  const control = createControlSocket({ path: controlSocket, timeoutMs: CONTROL_TIMEOUT_MS });
  const store = createZoneStore(zoneDir);
  const reasons = (zones: readonly string[]) => (logFile ? readLogReasons(logFile, zones) : new Map<string, string>());

  async function* list(signal: AbortSignal): AsyncGenerator<RemoteZone[]> {
    const units = await control.session(signal, (session) => session.command({ command: "zone-status", filters: "s" }));
    for (let at = 0; at < units.length; at += LIST_PAGE) {
      if (signal.aborted) throw new DriverError("aborted", SUBJECT, "list", "the work was cancelled");
      const page: RemoteZone[] = [];
      await inParallel(units.slice(at, at + LIST_PAGE), async ({ zone, data }) => {
        if (zone === undefined || data === undefined || data === "-") return;
        const name = parseName(zone);
        const [serial, label] = [Number(data), await store.label(name)];
        page.push(label?.serial === serial ? { name, ...label } : { name, serial });
      });
      yield page;
    }
  }

  async function fetchZone(name: string, signal: AbortSignal) {
    const [address] = addresses;
    if (!address)
      throw new DriverError("unsupported", SUBJECT, "fetch", "The nameserver has no address to transfer from.");
    const records: ZoneRecord[] = [];
    for await (const record of axfr(address, name, { signal, timeoutMs: TRANSFER_TIMEOUT_MS })) records.push(record);
    const zone = makeZone(name, records);
    const label = await store.label(name);
    return { name, text: formatZone(zone), updatedAt: label?.serial === soaOf(zone).serial ? label.updatedAt : 0 };
  }

  return {
    capabilities: { batchSize: BATCH_SIZE, wantsPreviousText: false, read: { supported: true } },
    apply: (work, signal) =>
      control.session(signal, (session) => applyZones(work, { session, store, reasons, subject: SUBJECT })),
    list,
    async fetch(names, signal) {
      const served = await control.session(signal, (session) => servedSerials(session, names));
      const zones = [];
      for (const name of names) {
        if (served.get(name) !== undefined) zones.push(await fetchZone(name, signal));
      }
      return zones;
    },
    status: (signal) =>
      control.session(signal, async (session) => {
        const [unit] = await session.command({ command: "status", type: "version" });
        const version = /^Version: (\S+)/.exec(unit?.data ?? "")?.[1];
        if (version === undefined)
          throw new DriverError("bad-response", SUBJECT, "status", "Knot does not say its version");
        return { version, software: "Knot DNS", dnsAddresses: addresses };
      }),
    // Sessions are short; there is nothing to let go of.
    close: async () => {},
  };
}
