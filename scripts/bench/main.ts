import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { openContext } from "@/lib/server/testing/open-context";
import { startCluster } from "@/lib/server/testing/start-cluster";
import { apiClient } from "./api-client";
import { measureBeside } from "./beside";
import { figures, ms, ratio, table, triple } from "./figures";
import { startFloors } from "./floors";
import {
  addZones,
  type Bench,
  changeAtOnce,
  edits,
  firstSync,
  memory,
  pageTimes,
  resync,
  setRole,
  untilIndexed,
} from "./steps";
import { measureStructures } from "./structures";
import { sweepShare } from "./sweep";
import { benchZones } from "./zones";

/**
 * Measures what design and README promise, on the demo's set-up, each beside a floor that is taken in the same run: the nameserver and HTTP without us.
 * What an intermediary costs is measured beside the direct link.
 * `--quick` leaves the large numbers out.
 */
const { values: flags } = parseArgs({ options: { quick: { type: "boolean" } } });

const SIZE = flags.quick
  ? { edits: 100, few: 200, many: 1_000, changed: 200, huge: 2_000, pages: 30 }
  : { edits: 300, few: 1_000, many: 10_000, changed: 1_000, huge: 100_000, pages: 100 };

const rows: string[][] = [];
const report = (...cells: string[]) => {
  rows.push(cells);
  process.stderr.write(`${cells.join("   ")}\n`);
};
const count = (value: number) => value.toLocaleString("en");

async function measureEdits(bench: Bench, floors: Awaited<ReturnType<typeof startFloors>>): Promise<void> {
  const knot = figures(await floors.edits(SIZE.edits));
  const push = figures(await floors.pushes(SIZE.edits));
  const [localTimes = [], memberTimes = []] = await edits(bench, SIZE.edits, [bench.cluster.web1, bench.cluster.ns1]);
  const [local, member] = [figures(localTimes), figures(memberTimes)];
  report("edit → served by web1, p50 / p95 / p99", triple(local), triple(knot), ratio(local.p50, knot.p50));
  const both = knot.p50 + push.p50;
  report(
    "edit → served by ns1, p50 / p95 / p99",
    triple(member),
    `${ms(both)} (Knot and one push)`,
    ratio(member.p50, both),
  );
}

async function measureSyncs(bench: Bench, floors: Awaited<ReturnType<typeof startFloors>>): Promise<void> {
  let first = 1;
  for (const [total, server] of [
    [SIZE.few, "ns1"],
    [SIZE.many, "ns2"],
  ] as const) {
    const zones = benchZones(1, total);
    await addZones(bench, benchZones(first, total - first + 1));
    first = total + 1;
    const floor = (await floors.load(zones)) + (await floors.pushAll(zones));
    const took = await firstSync(bench, server, zones);
    const words = `${ms(took)} (${count(Math.round((total / took) * 1_000))} zones/s)`;
    report(`first sync of ${count(total)} zones to one member`, words, ms(floor), ratio(took, floor));
  }
  await firstSync(bench, "ns1", benchZones(1, SIZE.many));
  const unchanged = await resync(bench, "ns2");
  report(`re-sync of ${count(SIZE.many)} unchanged zones`, ms(unchanged), "–", "–");
  for (const server of ["web1", "ns2"] as const) {
    const { panel, nameserver } = memory(bench, server);
    report(
      `memory with ${count(SIZE.many)} zones, ${server}: panel, nameserver`,
      `${panel} MiB, ${nameserver} MiB`,
      "–",
      "–",
    );
  }
}

async function measureMassChange(bench: Bench, floors: Awaited<ReturnType<typeof startFloors>>): Promise<void> {
  const zones = benchZones(1, SIZE.changed, 1);
  const floor = (await floors.load(zones)) + (await floors.pushAll(zones));
  const took = await changeAtOnce(bench, zones);
  const words = `${ms(took)} (${count(Math.round((SIZE.changed / took) * 1_000))} zones/s)`;
  report(`${count(SIZE.changed)} zones changed at once → served by web1 and ns1`, words, ms(floor), ratio(took, floor));
}

async function measureSweep(floors: Awaited<ReturnType<typeof startFloors>>): Promise<void> {
  const zones = benchZones(1, SIZE.many);
  await floors.load(zones);
  const share = await sweepShare(floors.address, zones);
  const percent = `${(share * 100).toFixed(2)} % of a core`;
  report("sweep over 10,000 zones at 5 members in 15 minutes", percent, "5 % (wanted)", ratio(share, 0.05));
}

async function measurePages(bench: Bench): Promise<void> {
  await setRole(bench, bench.cluster.ns2, "standalone");
  await addZones(bench, benchZones(SIZE.many + 1, SIZE.huge - SIZE.many));
  await untilIndexed(bench);
  // A full sync to ns2 goes on while pages are asked for.
  await setRole(bench, bench.cluster.ns2, "sync");
  for (const [what, path] of [
    ["zone list", "/zones"],
    ["search", "/zones?q=z0042"],
    ["zone editor", "/zones/z000042.bench.example"],
  ] as const) {
    const times = figures(await pageTimes(bench, path, SIZE.pages));
    report(`${what} with ${count(SIZE.huge)} zones during a sync, p50 / p95 / p99`, triple(times), "–", "–");
  }
  const { panel, nameserver } = memory(bench, "web1");
  report(`memory during that sync, web1: panel, nameserver`, `${panel} MiB, ${nameserver} MiB`, "–", "–");
}

async function main(): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), "zonefleet-bench-"));
  const cluster = await startCluster({ folder });
  const web1 = await openContext(cluster.variables("web1"));
  const api = apiClient(cluster.web1);
  const floors = await startFloors();
  const bench = { cluster, web1, api };
  try {
    await measureEdits(bench, floors);
    await measureBeside(bench, SIZE.edits, report);
    await setRole(bench, bench.cluster.ns1, "standalone");
    await setRole(bench, bench.cluster.ns2, "standalone");
    await measureSyncs(bench, floors);
    await measureMassChange(bench, floors);
    await measureSweep(floors);
    await measurePages(bench);
  } finally {
    api.close();
    await floors.stop();
    await web1.close();
    await cluster.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  await measureStructures(SIZE, report);
  const { model = "unknown" } = cpus()[0] ?? {};
  process.stdout.write(`${table(["what", "measured", "floor", "ratio"], rows)}\n\n`);
  process.stdout.write(
    `${cpus().length} × ${model.trim()}, Node ${process.versions.node}, three or four servers and the client on one machine.\n`,
  );
}

await main();
