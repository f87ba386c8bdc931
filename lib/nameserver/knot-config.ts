import { zonePath } from "@/lib/drivers/knot/zone-path";
import type { DnsAddress } from "@/lib/wire/dns-address";

/**
 * Knot runs in its own directory and reaches it through `/proc/self/cwd`: that works for an unprivileged user although the data directory above is
 * closed to it (0700), fits into the 107 octets of a socket's path, and stays right when the data directory is moved.
 */
export const KNOT_DIRECTORY = "/proc/self/cwd";

/** File names in the nameserver's directory. */
export const KNOT_FILES = {
  config: "knot.conf",
  database: "confdb",
  control: "control.sock",
  log: "knot.log",
  pid: "knot.pid",
  timers: "db",
  journal: "journal",
  zones: "zones",
} as const;

export interface KnotSettings {
  /** Where Knot answers. Not empty. */
  readonly listen: readonly DnsAddress[];
  /** Canonical names of the zones that have a file. */
  readonly zones: readonly string[];
}

/**
 * The configuration that the supervised Knot starts with; zones come and go by the control socket afterwards.
 * - The files are ours and are never written by Knot (`zonefile-sync: -1`). What changed from one to the next goes into the journal, for IXFR.
 * - A zone's journal is bounded by 20 changes, older ones merged, and by `journal-max-usage`: a change with no room in it is loaded without (apply-zones.ts).
 *   The database is one sparse map: 100,000 zones of ordinary edits take about 1.4 GiB of its 20.
 * - Transfers to this machine only, for content verification.
 * - Refusals of the control socket stay out of the log, as the panel gets them as replies.
 */
export function renderKnotConfig({ listen, zones }: KnotSettings): string {
  const local = [...new Set(["127.0.0.1", "::1", ...listen.map(({ address }) => address)])].filter(
    (it) => !isWildcard(it),
  );
  return `server:
  rundir: ${KNOT_DIRECTORY}
  pidfile: ${KNOT_FILES.pid}
  listen: [${listen.map(({ address, port }) => `${address}@${port}`).join(", ")}]
control:
  listen: ${KNOT_DIRECTORY}/${KNOT_FILES.control}
database:
  storage: ${KNOT_DIRECTORY}/${KNOT_FILES.timers}
  journal-db: ${KNOT_DIRECTORY}/${KNOT_FILES.journal}
  journal-db-max-size: 20G
log:
  - target: stderr
    server: info
    control: critical
    zone: warning
acl:
  - id: this-machine
    address: [${local.join(", ")}]
    action: transfer
template:
  - id: default
    storage: ${KNOT_DIRECTORY}/${KNOT_FILES.zones}
    file: "%s.zone"
    zonefile-load: difference
    zonefile-sync: -1
    journal-content: changes
    journal-max-depth: 20
    journal-max-usage: 1M
    acl: this-machine
${zones.length === 0 ? "" : "zone:\n"}${zones.map(renderZone).join("")}`;
}

/** Knot's configuration keeps a backslash and what follows it, as names need; only `\"` it takes for a plain quote, so that one is written `\034`. */
function renderZone(zone: string): string {
  const { file, isTemplate } = zonePath(zone);
  const domain = zone.replace(/\\./g, (pair) => (pair === '\\"' ? "\\034" : pair));
  return `  - domain: "${domain}"\n${isTemplate ? "" : `    file: "${file}"\n`}`;
}

function isWildcard(address: string): boolean {
  return address === "0.0.0.0" || address === "::";
}

/** Where this machine reaches a nameserver that listens there: a wildcard address is no destination. */
export function reachableAddress({ address, port }: DnsAddress): DnsAddress {
  return { address: address === "0.0.0.0" ? "127.0.0.1" : address === "::" ? "::1" : address, port };
}
