/**
 * What is counted while it happens. The counts are kept by the server (registry.ts); where there is none, as in tests and on the command line, counting does nothing. On `globalThis`
 * because the server and Next's pages are bundled apart from each other.
 */

/** Label names of each, in the order of the text. */
export const COUNTERS = {
  zonefleet_accepted_zones_total: { labels: ["member"], help: "Zones that a nameserver accepted" },
  zonefleet_verifications_total: {
    labels: ["result"],
    help: "What nameservers answered when they were asked over DNS for an accepted change: served, present, lagging, absent, unknown",
  },
  zonefleet_failures_total: {
    labels: ["scope", "kind"],
    help: "Failures: of commands to members, of the local nameserver as a whole, and of single zones that were set aside, by kind",
  },
  zonefleet_notice_attempts_total: {
    labels: ["channel", "outcome"],
    help: "Tries to send a notice by mail or webhook: sent, later (tried again), refused",
  },
  zonefleet_database_retries_total: {
    labels: [],
    help: "Transactions that lost against another writer and were done again",
  },
} as const satisfies Definitions;

export const HISTOGRAMS = {
  zonefleet_propagation_seconds: {
    labels: ["member", "stage"],
    help: "From the commit of a change to its acceptance by a nameserver, and to the answer with it over DNS",
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60, 600],
  },
  zonefleet_engine_slice_seconds: {
    labels: [],
    help: "How long the engine worked on one slice of zones for one nameserver",
    buckets: [0.002, 0.005, 0.01, 0.025, 0.1, 0.5, 1, 5, 30],
  },
  zonefleet_engine_slice_zones: {
    labels: [],
    help: "How many zones a slice had",
    buckets: [1, 2, 5, 10, 50, 100, 500, 1_000],
  },
  zonefleet_database_transaction_seconds: {
    labels: ["kind"],
    help: "How long writing transactions took, the wait for other writers included: durable ones (promises) and relaxed ones (bookkeeping)",
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 1, 5],
  },
} as const satisfies Definitions;

type Definitions = Readonly<
  Record<string, { readonly labels: readonly string[]; readonly help: string; readonly buckets?: readonly number[] }>
>;
export type CounterName = keyof typeof COUNTERS;
export type HistogramName = keyof typeof HISTOGRAMS;
type Labels<D extends Definitions, N extends keyof D> = Readonly<Record<D[N]["labels"][number], string>>;

export interface Meter {
  count<N extends CounterName>(name: N, labels: Labels<typeof COUNTERS, N>, by?: number): void;
  observe<N extends HistogramName>(name: N, labels: Labels<typeof HISTOGRAMS, N>, value: number): void;
}

const holder = globalThis as typeof globalThis & { __zonefleetMeter?: Meter };

export function setMeter(meter: Meter): void {
  holder.__zonefleetMeter = meter;
}

/** undefined: nobody counts. */
export function meter(): Meter | undefined {
  return holder.__zonefleetMeter;
}
