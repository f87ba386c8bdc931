import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FaultPoint, FaultStep } from "@/lib/fault-points";
import { type Fleet, nameserversBut, prepareFleet, startFleet } from "./fleet";
import { KILLS, type Kill } from "./kills";
import { lacking, settle, until } from "./settled";
import { after as afterEpisodes, told } from "./told";

const ZONES = Array.from({ length: 4 }, (_, index) => `kill${index}.example`);
/** A zone that only ns2 has: somebody edits it there while another server is dead. */
const ELSEWHERE = "elsewhere.example";

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

  async function dieAt(
    point: FaultPoint,
    { victim = "web1", isAtStart, nodeFlags, isEpisode, before, lead, after }: Kill,
  ): Promise<void> {
    const server = fleet.cluster[victim];
    const file = armedFile(victim);
    const toldBefore = await told(fleet, fleet.memberIds.ns1);
    await before?.(fleet);
    const others = nameserversBut(fleet, [victim]);
    await fleet.querier.ask(others);
    if (isAtStart) {
      await server.process.kill();
      await lead(fleet);
      writeFileSync(file, point);
      await server.process.start(nodeFlags).catch(() => undefined);
    } else {
      writeFileSync(file, point);
      lead(fleet).catch(() => undefined);
    }
    await until(`${victim} gets to the point`, async () => (existsSync(file) ? [point] : []));
    await server.process.ended();

    const editor = victim === "web1" ? fleet.cluster.ns2 : fleet.cluster.web1;
    const zone = victim === "web1" ? ELSEWHERE : ZONES[0];
    const label = await fleet.edit(zone ?? "", editor);
    await until("healthy nameservers serve an edit", () =>
      lacking(victim === "web1" ? [editor.dns] : others, zone ?? "", label ?? ""),
    );

    await server.process.start();
    await after?.(fleet, point.startsWith("before") ? "before" : "after");
    await settle(fleet);
    if (isEpisode) expect(await told(fleet, fleet.memberIds.ns1)).toEqual(afterEpisodes(toldBefore, 1));
    expect(await fleet.querier.unanswered()).toEqual([]);
  }

  const points = steps.flatMap((step) => [
    { point: `before ${step}` as const, kill: KILLS[step] },
    { point: `after ${step}` as const, kill: KILLS[step] },
  ]);

  describe("fault", () => {
    it.each(points)("killed $point", ({ point, kill }) => dieAt(point, kill), 300_000);
  });
}
