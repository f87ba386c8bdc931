import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ZoneRecord } from "@/lib/dns/zone-build";
import { conformanceWork } from "@/lib/drivers/conformance";
import type { Driver, ZoneWork } from "@/lib/drivers/driver";
import { createKnotDriver } from "@/lib/drivers/knot/driver";
import { knotDirectory } from "@/lib/nameserver/knot-directory";
import { createKnotSupervisor, type KnotSupervisor } from "@/lib/nameserver/supervisor";
import { freePort } from "@/lib/server/testing/free-port";
import { querySoa, querySoaMany } from "@/lib/wire/query";

/** Figures for people; the limits only catch a slip by an order of magnitude, as the machine may be busy with other things. */
const COUNT = 1000;
const signal = new AbortController().signal;
const server = { address: "127.0.0.1", port: 0 };

/** A zone of 20 records. */
function zoneWork(zone: string, serial: number): ZoneWork {
  const hosts = Array.from({ length: 15 }, (_, i): ZoneRecord => {
    return { owner: `h${i}.${zone}`, ttl: 300, type: "A", rdata: `192.0.2.${i}` };
  });
  return conformanceWork(zone, serial, hosts);
}

const NAMES = Array.from({ length: COUNT }, (_, i) => `speed${i}.example.`);

describe("the speed of Knot's driver", () => {
  let dataDir: string;
  let supervisor: KnotSupervisor;
  let driver: Driver;
  beforeAll(async () => {
    dataDir = await mkdtemp(path.join(tmpdir(), "zf-speed-"));
    server.port = await freePort();
    supervisor = createKnotSupervisor({ dataDir, listen: [server] });
    await supervisor.start();
    const { controlSocket, zoneDir } = knotDirectory(dataDir);
    driver = createKnotDriver({ controlSocket, zoneDir, addresses: [server] });
  });
  afterAll(async () => {
    await supervisor.stop();
    await rm(dataDir, { recursive: true });
  });

  /** Applies and asks for every zone. @returns milliseconds for both, and the longest time that the event loop was held up */
  async function applyAll(serial: number): Promise<{ ms: number; heldUpMs: number }> {
    const work = NAMES.map((name) => zoneWork(name, serial));
    let heldUpMs = 0;
    let last = performance.now();
    const ticking = setInterval(() => {
      heldUpMs = Math.max(heldUpMs, performance.now() - last - 1);
      last = performance.now();
    }, 1);
    const start = performance.now();
    const outcomes = await driver.apply(work, signal);
    const answers = await querySoaMany(server, NAMES, { timeoutMs: 5000 });
    const ms = performance.now() - start;
    clearInterval(ticking);
    expect(outcomes.every(({ status }) => status === "accepted")).toBe(true);
    expect(answers.every((answer) => answer.status === "answered" && answer.serial === serial)).toBe(true);
    return { ms, heldUpMs };
  }

  it.each([
    ["first", 1],
    ["all changed", 2],
  ])(`applies ${COUNT} zones: %s`, async (what, serial) => {
    const { ms, heldUpMs } = await applyAll(serial);
    const rate = Math.round((COUNT / ms) * 1000);
    process.stdout.write(`${COUNT} zones, ${what}: answered after ${Math.round(ms)} ms, ${rate} zones/s; `);
    process.stdout.write(`event loop held up for at most ${heldUpMs.toFixed(0)} ms\n`);
    expect(ms).toBeLessThan(20_000);
  });

  it("applies an edit", async () => {
    const times: number[] = [];
    for (const [i, name] of NAMES.slice(0, 200).entries()) {
      const work = zoneWork(name, 100 + i);
      const start = performance.now();
      await driver.apply([work], signal);
      const answer = await querySoa(server, name, { timeoutMs: 5000 });
      times.push(performance.now() - start);
      expect(answer).toMatchObject({ serial: 100 + i });
    }
    times.sort((a, b) => a - b);
    const [p50 = 0, p99 = 0] = [times[100], times[197]];
    process.stdout.write(`edit until answered: p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms\n`);
    expect(p50).toBeLessThan(100);
  });

  it("never leaves a zone unserved while it changes", async () => {
    const [name = ""] = NAMES;
    let isDone = false;
    const seen = new Set<string>();
    const asking = (async () => {
      while (!isDone) seen.add((await querySoa(server, name, { timeoutMs: 5000 })).status);
    })();
    for (let serial = 1000; serial < 1100; serial++) await driver.apply([zoneWork(name, serial)], signal);
    isDone = true;
    await asking;
    expect(seen).toEqual(new Set(["answered"]));
  });

  it("says how much memory Knot takes", () => {
    const status = readFileSync(`/proc/${supervisor.status().pid}/status`, "utf8");
    const kib = Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]);
    process.stdout.write(`Knot with ${COUNT} zones: ${Math.round(kib / 1024)} MiB\n`);
    expect(kib).toBeGreaterThan(0);
  });
});
