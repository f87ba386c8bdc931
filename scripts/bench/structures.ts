import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { openContext } from "@/lib/server/testing/open-context";
import { type Cluster, type Structure, startCluster } from "@/lib/server/testing/start-cluster";
import { apiClient } from "./api-client";
import { figures, ms, ratio } from "./figures";
import { whenServed } from "./served";
import { addZones, type Bench, edits, setRole } from "./steps";
import { benchZones } from "./zones";

const LIMIT_MS = 300_000;

/** What an intermediary may add to an edit, milliseconds. */
const EDIT_GOAL = "wanted: ≤ 5 ms";
const SYNC_GOALS: Readonly<Record<Structure, string>> = {
  direct: "",
  intermediary: "wanted: ≤ 1.25 ×",
  multiple: "wanted: ≤ 1.5 ×",
};

/**
 * What intermediaries cost: added milliseconds of an edit, and the first sync of many zones until the last server of a chain answers with all of them, as
 * a ratio to the direct link.
 */
export async function measureStructures(
  size: { readonly edits: number; readonly many: number },
  report: (...cells: string[]) => void,
): Promise<void> {
  await onServers("multiple", (bench, cluster) => reportEdits(bench, cluster, size.edits, report));
  const took = { direct: 0, intermediary: 0, multiple: 0 };
  for (const structure of ["direct", "intermediary", "multiple"] as const) {
    took[structure] = await onServers(structure, (bench) => syncTime(bench, structure, size.many));
    const what = `first sync of ${size.many.toLocaleString("en")} zones to ns2, ${WAY[structure]}`;
    if (structure === "direct") report(what, ms(took.direct), "–", "–");
    else
      report(what, ms(took[structure]), `${ms(took.direct)} (direct)`, goal(took[structure], took.direct, structure));
  }
}

const WAY: Readonly<Record<Structure, string>> = {
  direct: "directly",
  intermediary: "through one intermediary",
  multiple: "through two intermediaries",
};

const goal = (took: number, direct: number, structure: Structure) =>
  `${(took / direct).toFixed(2)} × (${SYNC_GOALS[structure]})`;

/** Every server of the chain is asked for the same edits: what an intermediary adds is told by each edit for itself. */
async function reportEdits(
  bench: Bench,
  { web2, ns1, ns2 }: Cluster<"multiple">,
  tries: number,
  report: (...cells: string[]) => void,
): Promise<void> {
  const [direct = [], one = [], two = []] = await edits(bench, tries, [web2, ns1, ns2]);
  const floor = figures(direct).p50;
  for (const [words, times] of [
    ["through one intermediary", one],
    ["through two intermediaries", two],
  ] as const) {
    const p50 = figures(times).p50;
    const added = figures(times.map((time, index) => time - (direct[index] ?? time))).p50;
    report(
      `edit → served, ${words}, p50`,
      `${ms(p50)}, ${ms(added)} added`,
      `${ms(floor)} (direct)`,
      `${ratio(p50, floor)} (${EDIT_GOAL} each)`,
    );
  }
}

/** Milliseconds from the instant that web1 may send until ns2 answers with everything. */
async function syncTime(bench: Bench, structure: Structure, count: number): Promise<number> {
  const { servers, ns1, ns2 } = bench.cluster;
  const first = structure === "direct" ? ns2 : servers[1];
  if (!first) throw new Error("There is nobody to send to.");
  if (structure === "direct") await setRole(bench, ns1, "standalone");
  await setRole(bench, first, "standalone");
  const zones = benchZones(1, count);
  await addZones(bench, zones);
  const started = performance.timeOrigin + performance.now();
  await setRole(bench, first, "sync");
  return (await whenServed(ns2.dns, zones, LIMIT_MS)) - started;
}

/** Servers of their own, empty: what was left to do for an earlier measurement is not in the way. */
async function onServers<S extends Structure, T>(
  structure: S,
  measure: (bench: Bench, cluster: Cluster<S>) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(path.join(tmpdir(), "zonefleet-bench-"));
  const cluster = await startCluster({ folder, structure });
  const web1 = await openContext(cluster.variables("web1"));
  const api = apiClient(cluster.web1);
  try {
    return await measure({ cluster, web1, api }, cluster);
  } finally {
    api.close();
    await web1.close();
    await cluster.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
