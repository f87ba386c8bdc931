import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CONTENT_FAULTS } from "./testing/content-faults";
import { type Fault, tryFault } from "./testing/fault";
import { type Fleet, nameserversBut, prepareFleet, startFleet } from "./testing/fleet";
import { NETWORK_FAULTS } from "./testing/network-faults";
import { DISK_FAULTS, SERVER_FAULTS } from "./testing/server-faults";
import { settle } from "./testing/settled";
import { mountSmallDisk } from "./testing/small-disk";
import { allMailsSent } from "./testing/told";

/** What can go wrong around servers that work, one thing after the other on one fleet. It needs a build (`npm run build`). */
const ZONES = Array.from({ length: 12 }, (_, index) => `fault${index}.example`);
const folder = mkdtempSync(path.join(tmpdir(), "zonefleet-faults-"));
let fleet: Fleet;
let tried = 0;
const disks = smallDisks(["web1", "ns2"]);

/** Data directories on disks of their own; none where this user may not mount any. */
function smallDisks(servers: readonly ("web1" | "ns2")[]): Fleet["disks"] {
  return Object.fromEntries(
    servers.flatMap((name) => {
      const disk = mountSmallDisk(path.join(folder, name), 64);
      return disk ? [[name, disk]] : [];
    }),
  );
}

beforeAll(async () => {
  fleet = await startFleet({ folder, disks });
  await prepareFleet(fleet, ZONES);
  await settle(fleet);
  for (const zone of ZONES) fleet.querier.add(`${zone}.`);
  await fleet.querier.ask(nameserversBut(fleet, []));
}, 300_000);
afterAll(async () => {
  await fleet?.stop();
  for (const disk of Object.values(disks)) disk.unmount();
  rmSync(folder, { recursive: true, force: true });
});

const FAULTS = [...NETWORK_FAULTS, ...CONTENT_FAULTS, ...SERVER_FAULTS];
const tryIt = (fault: Fault) => tryFault(fleet, fault, ZONES[tried++ % ZONES.length] ?? "");

describe("fault", () => {
  it.each(FAULTS)("$name", tryIt);
});

describe.skipIf(!disks.web1)("on a disk of its own, which only who may mount one has", () => {
  describe("fault", () => {
    it.each(DISK_FAULTS)("$name", tryIt);
  });
});

it("every message was mailed once", async () => {
  await allMailsSent(fleet);
  const deliveries = await fleet.web1.db.client.noticeDelivery.findMany();
  const episodes = FAULTS.filter(({ threshold }) => threshold !== undefined).length;
  expect(deliveries).toHaveLength(2 * episodes);
  const sent = fleet.smtp.mails.map(({ source }) => /^Message-ID: (.*)$/im.exec(source.toString())?.[1]);
  expect(sent.sort()).toEqual([...new Set(deliveries.map(({ messageId }) => messageId))].sort());
});
