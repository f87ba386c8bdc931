import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FaultPoint, FaultStep } from "@/lib/fault-points";
import { type Fleet, nameserversBut, prepareFleet, startFleet } from "./fleet";
import type { Kill } from "./kill";
import { KILLS } from "./kills";
import { lacking, settle, until } from "./settled";
import { after as afterEpisodes, told } from "./told";

const ZONES = Array.from({ length: 4 }, (_, index) => `kill${index}.example`);
/** A zone that only ns2 has: somebody edits it there while another server is dead. */
const ELSEWHERE = "elsewhere.example";

/** A server is led to these points one after the other, dies at each, and in the end runs again. */
interface Trial {
  readonly kill: Kill;
  readonly points: FaultPoint[];
}

/** Each kill for itself, but for those of a start: between two of them nothing is left to look at. */
function trialsOf(steps: readonly FaultStep[]): Trial[] {
  const trials: Trial[] = [];
  for (const step of steps) {
    const kill = KILLS[step];
    const points: FaultPoint[] = [`before ${step}`, `after ${step}`];
    const begun = kill.isAtStart && trials.find((trial) => trial.kill === kill);
    if (begun) begun.points.push(...points);
    else if (kill.isAtStart) trials.push({ kill, points });
    else trials.push(...points.map((point) => ({ kill, points: [point] })));
  }
  return trials;
}

/** Tests that kill servers of one fleet right before and right after each of these commits. They need a build (`npm run build`). */
export function describeKills(steps: readonly FaultStep[]): void {
  const folder = mkdtempSync(path.join(tmpdir(), "zonefleet-kills-"));
  const armedFile = (server: string) => path.join(folder, `${server}.fault-point`);
  let fleet: Fleet;

  beforeAll(async () => {
    const variables = (name: string) => ({ ZONEFLEET_FAULT_POINT_FILE: armedFile(name) });
    fleet = await startFleet({ folder, variables, disks: {} });
    await prepareFleet(fleet, ZONES);
    await fleet.call(fleet.cluster.ns2, "adddns", { domain: ELSEWHERE, ip: "192.0.2.1" });
    await settle(fleet);
    for (const zone of ZONES) fleet.querier.add(`${zone}.`);
  }, 300_000);
  afterAll(async () => {
    await fleet?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function dieAt(point: FaultPoint, { victim = "web1", isAtStart, nodeFlags, lead }: Kill): Promise<void> {
    const server = fleet.cluster[victim];
    const file = armedFile(victim);
    if (isAtStart) {
      await server.process.kill();
      await lead(fleet, point);
      writeFileSync(file, point);
      await server.process.start(nodeFlags).catch(() => undefined);
    } else {
      writeFileSync(file, point);
      lead(fleet, point).catch(() => undefined);
    }
    await until(`${victim} gets to the point “${point}”`, async () => (existsSync(file) ? [point] : []));
    await server.process.ended();
  }

  async function othersServe(victim: "web1" | "ns1"): Promise<void> {
    const { ns2, web1 } = fleet.cluster;
    const zone = victim === "web1" ? ELSEWHERE : (ZONES[0] ?? "");
    const label = await fleet.edit(zone, victim === "web1" ? ns2 : web1);
    const nameservers = victim === "web1" ? [ns2.dns] : nameserversBut(fleet, [victim]);
    await until("healthy nameservers serve an edit", () => lacking(nameservers, zone, label ?? ""));
  }

  async function tryKills({ kill, points }: Trial): Promise<void> {
    const { victim = "web1", isEpisode, before, after } = kill;
    const toldBefore = await told(fleet, fleet.memberIds.ns1);
    await before?.(fleet);
    await fleet.querier.ask(nameserversBut(fleet, [victim]));
    for (const point of points) await dieAt(point, kill);
    await othersServe(victim);

    await fleet.cluster[victim].process.start();
    await after?.(fleet, points.at(-1)?.startsWith("before") ? "before" : "after");
    await settle(fleet);
    if (isEpisode) expect(await told(fleet, fleet.memberIds.ns1)).toEqual(afterEpisodes(toldBefore, 1));
    expect(await fleet.querier.unanswered()).toEqual([]);
  }

  describe("fault", () => {
    // The runner counts a trial's kills by what is between them.
    for (const trial of trialsOf(steps))
      it(`killed ${trial.points.join(" · ")}`, () => tryKills(trial), 240_000 + trial.points.length * 60_000);
  });
}
