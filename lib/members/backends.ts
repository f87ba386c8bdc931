/** A kind of remote server that the Backend Type menu offers. `value` is the driver's key in lib/drivers/registry. */
export interface Backend {
  readonly value: "whm";
  /** In the Backend Type menu. */
  readonly label: string;
  /** In the table's Type column, until the server has said what it is. */
  readonly shortLabel: string;
  readonly defaultPort: number;
  /** Servers of this kind call their members: a trust has two halves. */
  readonly hasReverseTrust?: true;
}

export const BACKENDS: readonly [Backend, ...Backend[]] = [
  {
    value: "whm",
    label: "cPanel & WHM / DNSOnly / Zonefleet",
    shortLabel: "cPanel & WHM",
    defaultPort: 2087,
    hasReverseTrust: true,
  },
];

/** @throws Error for a value that is none: the database holds only what the schemas let in. */
export function backendOf(value: string): Backend {
  const backend = BACKENDS.find((candidate) => candidate.value === value);
  if (!backend) throw new Error(`"${value}" is not a backend type.`);
  return backend;
}
