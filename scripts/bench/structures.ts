import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import path from "node:path";
import { openContext } from "@/lib/server/testing/open-context";
import { type Cluster, STRUCTURES, type Structure, startCluster } from "@/lib/server/testing/start-cluster";
import { apiClient } from "./api-client";
import { figures, ms, ratio, triple } from "./figures";
import { heldEdits } from "./held-edits";
import { giveOwnShare, ownShare } from "./own-share";
import { processorTimes } from "./processor-time";
import { whenServed } from "./served";
import { addZones, type Bench, edits, setRole, untilIndexed } from "./steps";
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
 * a ratio to the direct link. Servers that share one machine's cores are no chain of machines. So an edit is also sent through one server alone; and each
 * sync is measured twice: with a part of a processor for every server, the same in each structure, which is what tells a chain of machines, and with all of
 * them on the same cores, where the processor time of every server, which is told, adds up.
 */
export async function measureStructures(
  size: { readonly edits: number; readonly many: number },
  report: (...cells: string[]) => void,
): Promise<void> {
  await reportHeldEdits(size.edits, report);
  await onServers("multiple", (bench, cluster) => reportEdits(bench, cluster, size.edits, report));
  await reportSyncs(size.many, ownShare(Object.keys(STRUCTURES.multiple).length), report);
  await reportSyncs(size.many, null, report);
}

/** @param share cores that each server has for itself; null: all servers share the machine's */
async function reportSyncs(count: number, share: number | null, report: (...cells: string[]) => void): Promise<void> {
  const cores = share === null ? `all servers on ${cpus().length} cores` : `${share} of a core for each server`;
  let direct = 0;
  for (const structure of ["direct", "intermediary", "multiple"] as const) {
    const what = `first sync of ${count.toLocaleString("en")} zones to ns2, ${WAY[structure]}, ${cores}`;
    const sync = await onServers(structure, (bench) => syncTime(bench, structure, count, share));
    if (typeof sync === "string") return report(what, sync, "–", "–");
    if (structure === "direct") direct = sync.took;
    const floor = structure === "direct" ? "–" : `${ms(direct)} (direct)`;
    report(what, ms(sync.took), floor, structure === "direct" ? "–" : goal(sync.took, direct, structure));
    const spent = [...sync.processorMs].map(([name, time]) => `${name} ${ms(time / count)}`);
    const least = [...sync.processorMs.values()].reduce((sum, time) => sum + time, 0) / cpus().length;
    if (share === null)
      report(
        `… processor time of a zone`,
        spent.join(", "),
        `${ms(least)} (all of it on ${cpus().length} cores)`,
        ratio(sync.took, least),
      );
    else report(`… processor time of a zone`, spent.join(", "), "–", "–");
  }
}

const WAY: Readonly<Record<Structure, string>> = {
  direct: "directly",
  intermediary: "through one intermediary",
  multiple: "through two intermediaries",
};

const goal = (took: number, direct: number, structure: Structure) =>
  `${(took / direct).toFixed(2)} × (${SYNC_GOALS[structure]})`;

/** What an intermediary adds when no other server shares its cores. */
async function reportHeldEdits(tries: number, report: (...cells: string[]) => void): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), "zonefleet-bench-"));
  try {
    const { direct, relayed, acknowledged } = await heldEdits(folder, tries);
    const [floor, held] = [figures(direct), figures(relayed)];
    report(
      "edit → arrived behind one intermediary that has the machine to itself, p50 / p95 / p99",
      `${triple(held)}, ${ms(held.p50 - floor.p50)} added`,
      `${triple(floor)} (sent directly)`,
      `${EDIT_GOAL} added; kept and acknowledged after ${ms(figures(acknowledged).p50)}`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

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

/**
 * Milliseconds from the instant that web1 may send until ns2 answers with everything, and what each server computed in it; or why it cannot be measured.
 * @param share cores for each server; null: they share the machine's
 */
async function syncTime(
  bench: Bench,
  structure: Structure,
  count: number,
  share: number | null,
): Promise<{ took: number; processorMs: ReadonlyMap<string, number> } | string> {
  const { servers, ns1, ns2 } = bench.cluster;
  const first = structure === "direct" ? ns2 : servers[1];
  if (!first) throw new Error("There is nobody to send to.");
  if (structure === "direct") await setRole(bench, ns1, "standalone");
  await setRole(bench, first, "standalone");
  const zones = benchZones(1, count);
  await addZones(bench, zones);
  await untilIndexed(bench);
  const free = share === null ? undefined : giveOwnShare(servers, share);
  if (typeof free === "string") return free;
  try {
    const before = processorTimes(servers);
    const started = performance.timeOrigin + performance.now();
    await setRole(bench, first, "sync");
    const took = (await whenServed(ns2.dns, zones, LIMIT_MS)) - started;
    const spent = [...processorTimes(servers)].map(([name, time]) => [name, time - (before.get(name) ?? 0)] as const);
    return { took, processorMs: new Map(spent) };
  } finally {
    free?.();
  }
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
