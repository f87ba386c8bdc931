import { mkdtempSync, rmSync } from "node:fs";
import https from "node:https";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Cluster, type ClusterServer, startCluster } from "@/lib/server/testing/start-cluster";
import { querySoaMany } from "@/lib/wire/query";

/**
 * Three real servers with real nameservers; SIGKILL at random moments while zones are being pushed and synchronised, where lib/faults has no name for. What was
 * acknowledged to the caller must be served by all three in the end, and what was not acknowledged must at least be the same everywhere.
 */
const KILLS = 9;
const ZONES = 40;

let folder: string;
let cluster: Cluster;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "zonefleet-kill-"));
  cluster = await startCluster({ folder });
}, 180_000);
afterAll(async () => {
  await cluster?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const nameOf = (index: number) => `kill${index}.example.`;

function zoneText(index: number, serial: number): string {
  const lines = [
    `@ SOA ns1.example.net. hostmaster.example.net. ${serial} 3600 900 1209600 300`,
    "@ NS ns1.example.net.",
    `@ A 192.0.2.${serial % 250}`,
  ];
  for (let host = 0; host < 10; host++) lines.push(`h${host} A 198.51.100.${(serial + host) % 250}`);
  return `$ORIGIN ${nameOf(index)}\n$TTL 3600\n${lines.join("\n")}\n`;
}

/** One member command, as WHM sends it. @returns whether the server acknowledged it */
function synczones(
  server: ClusterServer,
  zones: readonly { index: number; serial: number }[],
  id: string,
): Promise<boolean> {
  const fields = zones.map(
    ({ index, serial }) =>
      `cpdnszone-${encodeURIComponent(nameOf(index))}=${encodeURIComponent(zoneText(index, serial))}`,
  );
  const body = [...fields, `dnsuniqid=${id}`].join("&");
  return new Promise((resolve) => {
    const request = https.request(
      `${server.process.url}/scripts2/synczones_local`,
      {
        method: "POST",
        // The certificate was made a moment ago by a server of this test.
        rejectUnauthorized: false,
        headers: {
          authorization: `whm root:${server.token}`,
          "content-type": "application/octet-stream",
          "content-length": Buffer.byteLength(body),
        },
      },
      (response) => {
        response.resume();
        response.on("end", () => resolve(response.statusCode === 200 && response.complete));
        response.on("error", () => resolve(false));
      },
    );
    request.on("error", () => resolve(false));
    request.end(body);
  });
}

async function serialsAt(server: ClusterServer): Promise<(number | string)[]> {
  const names = Array.from({ length: ZONES }, (_, index) => nameOf(index));
  const answers = await querySoaMany(server.dns, names, { timeoutMs: 2_000 });
  return answers.map((answer) => (answer.status === "answered" ? answer.serial : answer.status));
}

const acknowledged = new Map<number, number>();
const attempted = new Map<number, number>();
let serial = 1;
let command = 0;

async function push(): Promise<void> {
  const zones = Array.from({ length: 1 + Math.floor(Math.random() * 8) }, () => ({
    index: Math.floor(Math.random() * ZONES),
    serial: ++serial,
  }));
  for (const zone of zones) attempted.set(zone.index, zone.serial);
  if (await synczones(cluster.web1, zones, `kill-${++command}`))
    for (const zone of zones) acknowledged.set(zone.index, zone.serial);
}

describe("fault", () => {
  test.each(Array.from({ length: KILLS }, (_, kill) => kill + 1))("killed at random, %i", async (kill) => {
    const victim = cluster.servers[kill % cluster.servers.length] as ClusterServer;
    let isDead = false;
    const pushing = (async () => {
      while (!isDead) await push();
    })();
    await new Promise((resolve) => setTimeout(resolve, 20 + Math.random() * 250));
    await victim.process.kill();
    isDead = true;
    await pushing;
    await victim.process.start();
  });
});

test("nothing acknowledged is lost", { timeout: 300_000 }, async () => {
  expect(acknowledged.size).toBeGreaterThan(ZONES / 4);
  const deadline = performance.now() + 120_000;
  let seen: (number | string)[][] = [];
  const isSettled = () =>
    seen.length > 0 &&
    seen.every((serials) => serials.join() === seen[0]?.join()) &&
    [...acknowledged].every(([index, wanted]) => Number(seen[0]?.[index]) >= wanted);
  while (!isSettled() && performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 250));
    seen = await Promise.all(cluster.servers.map(serialsAt));
  }
  const [web1, ...members] = seen;
  for (const member of members) expect(member).toEqual(web1);
  for (const [index, wanted] of acknowledged) {
    expect(web1?.[index], nameOf(index)).toBeGreaterThanOrEqual(wanted);
    expect(web1?.[index], nameOf(index)).toBeLessThanOrEqual(attempted.get(index) ?? 0);
  }
});
