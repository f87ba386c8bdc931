import type { DnsRole } from "./dns-role";

/** A kind of remote server that the Backend Type menu offers. `value` is the driver's key in lib/drivers/registry. */
export interface Backend {
  readonly value: "whm" | "softlayer" | "vpsnet";
  /** In the Backend Type menu. */
  readonly label: string;
  /** In the table's Type column, until the server has said what it is. */
  readonly shortLabel: string;
  readonly defaultPort: number;
  /**
   * A hosted DNS service instead of a server: it is reached at one known address, is never a way into this server's zones, and its name follows
   * the resolver.
   */
  readonly isService: boolean;
  /** DNS roles that it can have, in the order of the menu. */
  readonly roles: readonly DnsRole[];
  /** Servers of this kind call their members: a trust has two halves. */
  readonly hasReverseTrust?: true;
}

/** What a service holds is a part of a zone under a serial of its own: it is no copy that could be newer, so nothing is taken from it. */
const SERVICE = { defaultPort: 443, isService: true, roles: ["standalone", "write-only"] } as const;

export const BACKENDS: readonly [Backend, ...Backend[]] = [
  {
    value: "whm",
    label: "cPanel & WHM / DNSOnly / Zonefleet",
    shortLabel: "cPanel & WHM",
    defaultPort: 2087,
    isService: false,
    roles: ["standalone", "sync", "write-only"],
    hasReverseTrust: true,
  },
  { value: "softlayer", label: "SoftLayer", shortLabel: "SoftLayer", ...SERVICE },
  { value: "vpsnet", label: "VPS.NET", shortLabel: "VPS.NET", ...SERVICE },
];

/** @throws Error for a value that is none: the database holds only what the schemas let in. */
export function backendOf(value: string): Backend {
  const backend = BACKENDS.find((candidate) => candidate.value === value);
  if (!backend) throw new Error(`"${value}" is not a backend type.`);
  return backend;
}
