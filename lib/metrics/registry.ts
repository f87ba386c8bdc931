import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { Context } from "@/lib/context";
import { answerInTime } from "@/lib/db/answer-in-time";
import { logger } from "@/lib/logger";
import type { NameserverStatus } from "@/lib/nameserver/status";
import manifest from "@/package.json";
import { GAUGES, type GaugeName, type Sample } from "./gauges";
import { COUNTERS, type CounterName, HISTOGRAMS, type HistogramName, type Meter } from "./meter";
import { readGauges, readSlowGauges } from "./read-gauges";
import { sharedReading } from "./shared-reading";

const log = logger("metrics");

/** How old figures from the database may be. */
const FRESH_MS = 5_000;
const SLOW_MS = 60_000;

export interface Metrics {
  readonly meter: Meter;
  /** Everything, in Prometheus' text format. */
  text(): Promise<string>;
  readonly contentType: string;
}

interface Sources {
  readonly nameserver: () => Pick<NameserverStatus, "state" | "restarts">;
  /** Milliseconds since the engine looked for work the last time. */
  readonly engineIdleMs: () => number;
}

/** The metrics of this process, and of the server whose database `ctx` has. */
export function createMetrics(ctx: Pick<Context, "db" | "clock">, { nameserver, engineIdleMs }: Sources): Metrics {
  const register = new Registry();
  collectDefaultMetrics({ register });
  const counters = new Map<CounterName, Counter>();
  for (const [name, { labels, help }] of typedEntries(COUNTERS))
    counters.set(name, new Counter({ name, help, labelNames: [...labels], registers: [register] }));
  const histograms = new Map<HistogramName, Histogram>();
  for (const [name, { labels, help, buckets }] of typedEntries(HISTOGRAMS))
    histograms.set(
      name,
      new Histogram({ name, help, labelNames: [...labels], buckets: [...buckets], registers: [register] }),
    );
  const gauges = new Map<GaugeName, Gauge>();
  for (const [name, { labels, help }] of typedEntries(GAUGES))
    gauges.set(name, new Gauge({ name, help, labelNames: [...labels], registers: [register] }));

  const read = sharedReading(() => readGauges(ctx), FRESH_MS, ctx.clock.monotonic);
  const readSlow = sharedReading(() => readSlowGauges(ctx), SLOW_MS, ctx.clock.monotonic);

  async function collect(): Promise<Sample[]> {
    const { state, restarts } = nameserver();
    const own: Sample[] = [
      { name: "zonefleet_build_info", labels: { version: manifest.version }, value: 1 },
      { name: "zonefleet_nameserver_up", value: state === "running" ? 1 : 0 },
      { name: "zonefleet_nameserver_restarts", value: restarts },
      { name: "zonefleet_engine_idle_seconds", value: engineIdleMs() / 1_000 },
    ];
    try {
      const [fast, slow] = await answerInTime(Promise.all([read(), readSlow()]));
      return [...own, ...fast, ...slow, { name: "zonefleet_collected", value: 1 }];
    } catch (error) {
      log.warn("The figures for the metrics could not be read.", { error });
      return [...own, { name: "zonefleet_collected", value: 0 }];
    }
  }

  function show(samples: readonly Sample[]): void {
    // A member or state that is gone goes here as well. Without labels a gauge that is reset would be 0, which nobody read.
    for (const [name, gauge] of gauges) {
      gauge.reset();
      if (GAUGES[name].labels.length === 0) gauge.remove({});
    }
    for (const { name, labels = {}, value } of samples) gauges.get(name)?.set(labels, value);
  }

  return {
    meter: {
      count: (name, labels, by = 1) => counters.get(name)?.inc(labels, by),
      observe: (name, labels, value) => histograms.get(name)?.observe(labels, value),
    },
    contentType: register.contentType,
    async text() {
      const samples = await collect();
      show(samples);
      await forgetMembers([...counters, ...histograms], samples);
      return register.metrics();
    },
  };
}

type Counted = Counter | Histogram;

/** Lets go of what was counted for members that are no more. */
async function forgetMembers(counted: Iterable<[string, Counted]>, samples: readonly Sample[]): Promise<void> {
  // Without figures of the members nobody knows which are no more.
  if (!samples.some(({ name, value }) => name === "zonefleet_collected" && value === 1)) return;
  const known = new Set(
    samples.flatMap(({ name, labels }) => (name === "zonefleet_member_info" ? [labels?.member] : [])),
  );
  for (const [name, metric] of counted) {
    const { labels: names }: { readonly labels: readonly string[] } = { ...COUNTERS, ...HISTOGRAMS }[
      name as CounterName
    ];
    if (!names.includes("member")) continue;
    for (const { labels } of (await metric.get()).values) {
      const own: Partial<Record<string, string | number>> = labels;
      if (own.member !== "local" && !known.has(String(own.member)))
        metric.remove(Object.fromEntries(names.map((label) => [label, own[label] ?? ""])));
    }
  }
}

function typedEntries<T extends object>(definitions: T): [keyof T, T[keyof T]][] {
  return Object.entries(definitions) as [keyof T, T[keyof T]][];
}
