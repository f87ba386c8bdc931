import { execFile, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ZoneRecord } from "@/lib/dns/zone-build";
import { conformanceWork } from "@/lib/drivers/conformance";
import type { Driver, ZoneWork } from "@/lib/drivers/driver";
import { createKnotDriver } from "@/lib/drivers/knot/driver";
import { knotDirectory } from "@/lib/nameserver/knot-directory";
import { createKnotSupervisor, type KnotSupervisor } from "@/lib/nameserver/supervisor";
import { freePort } from "@/lib/server/testing/free-port";
import { querySoa } from "@/lib/wire/query";

const ZONE = "journal.example.";
const signal = new AbortController().signal;

let dataDir: string;
let server: { address: string; port: number };
let supervisor: KnotSupervisor;
let driver: Driver;
beforeEach(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), "zf-journal-"));
  server = { address: "127.0.0.1", port: await freePort() };
  supervisor = createKnotSupervisor({ dataDir, listen: [server] });
  await supervisor.start();
  const { controlSocket, zoneDir, logFile } = knotDirectory(dataDir);
  driver = createKnotDriver({ controlSocket, zoneDir, logFile, addresses: [server] });
});
afterEach(async () => {
  await supervisor.stop();
  await rm(dataDir, { recursive: true, force: true });
});

/** The zone with one host whose address is `content`, and with `extra`. */
function version(serial: number, content: number, extra: readonly ZoneRecord[] = []): ZoneWork {
  return conformanceWork(ZONE, serial, [
    { owner: `www.${ZONE}`, ttl: 60, type: "A", rdata: `192.0.2.${content}` },
    ...extra,
  ]);
}

/** Brings the zone to each of them and looks at what is served. */
async function apply(...works: readonly ZoneWork[]): Promise<void> {
  for (const work of works) {
    expect(await driver.apply([work], signal)).toMatchObject([{ status: "accepted" }]);
    await expectServed(work);
  }
}

async function expectServed({ desired }: ZoneWork): Promise<void> {
  const [zone] = await driver.fetch([ZONE], signal);
  expect(zone?.text).toBe(desired?.text);
}

/** What a secondary with that serial is answered: a serial for each SOA, `+` and `-` for each other record. A whole transfer is told by its one run of `+`. */
async function ixfr(serial: number): Promise<string> {
  const args = [`@${server.address}`, "-p", String(server.port), ZONE, `IXFR=${serial}`, "+noall", "+answer"];
  const { stdout } = await promisify(execFile)("kdig", args, { timeout: 10_000 });
  const records = stdout.split("\n").filter((line) => line !== "" && !line.startsWith(";"));
  return records.map((line) => / SOA\s\S+ \S+ (\d+)/.exec(line.replaceAll("\t", " "))?.[1] ?? "+").join(" ");
}

/** One host replaced, from a serial to the next. */
const step = (from: number, to: number) => `${from} + ${to} +`;
const WHOLE = "+ + + + +";

/** SIGKILL, as a crash would be, and back again under the supervisor. */
async function kill(): Promise<void> {
  const { pid, restarts } = supervisor.status();
  process.kill(pid ?? 0, "SIGKILL");
  await expect
    .poll(() => supervisor.status(), { timeout: 20_000, interval: 10 })
    .toMatchObject({ state: "running", restarts: restarts + 1 });
  await expect
    .poll(async () => (await querySoa(server, ZONE, { timeoutMs: 1000 })).status, { timeout: 20_000 })
    .toBe("answered");
}

describe("Knot's journal", () => {
  it("gives secondaries the differences, also after a crash", async () => {
    await apply(version(1, 1), version(2, 2), version(3, 3));
    expect(await ixfr(1)).toBe(`3 ${step(1, 2)} ${step(2, 3)} 3`);
    await kill();
    await expectServed(version(3, 3));
    expect(await ixfr(1)).toBe(`3 ${step(1, 2)} ${step(2, 3)} 3`);
    await apply(version(4, 4));
    expect(await ixfr(3)).toBe(`4 ${step(3, 4)} 4`);
  });

  it("remembers the last edits of many", async () => {
    for (let serial = 1; serial <= 50; serial++) await apply(version(serial, serial));
    expect(await ixfr(45)).toBe(`50 ${[45, 46, 47, 48, 49].map((it) => step(it, it + 1)).join(" ")} 50`);
    await kill();
    await expectServed(version(50, 50));
  });

  it.each([
    ["goes back to one of before with what it had then", version(1, 1)],
    ["goes back to one of before with other content", version(2, 9)],
    ["goes back to one never seen", version(4_000_000_000, 9)],
    ["stays, with other content", version(3, 9)],
    ["lies where RFC 1982 knows no order", version(3 + 2 ** 31, 9)],
  ])("begins anew when the serial %s", async (_, work) => {
    await apply(version(1, 1), version(2, 2), version(3, 3), work);
    const serial = work.desired?.serial ?? 0;
    await kill();
    await expectServed(work);
    await apply(version(serial + 1, 10));
    expect(await ixfr(serial)).toBe(`${serial + 1} ${step(serial, serial + 1)} ${serial + 1}`);
    expect(await ixfr(serial - 1)).toContain(WHOLE);
  });

  it("begins anew when serials come round to one of before", async () => {
    const round = [1, 2 ** 31 - 1, 2 ** 32 - 2, 1];
    await apply(...round.map((serial, index) => version(serial, index)));
    await kill();
    await expectServed(version(1, round.length - 1));
  });

  it("takes another SOA with the same serial", async () => {
    const work = version(1, 1);
    await apply(work);
    const text = work.desired?.text.replace(" 7200 ", " 7201 ") ?? "";
    const changed = { ...work, desired: work.desired && { ...work.desired, text, digest: "a".repeat(64) } };
    await apply(changed);
  });

  it("takes other TTLs", () => {
    const host = (ttl: number): ZoneRecord => ({ owner: `ttl.${ZONE}`, ttl, type: "A", rdata: "192.0.2.1" });
    return apply(version(1, 1, [host(60)]), version(2, 1, [host(61)]), version(3, 1, [host(60)]));
  });

  it("is no hindrance for a change that it has no room for", async () => {
    const hosts = (content: number) =>
      Array.from({ length: 15_000 }, (_, index): ZoneRecord => {
        return { owner: `host-${index}.${ZONE}`, ttl: 60, type: "A", rdata: `198.51.100.${content}` };
      });
    await apply(version(1, 1), version(2, 2, hosts(1)), version(3, 2, hosts(2)));
    await kill();
    await expectServed(version(3, 2, hosts(2)));
    await apply(version(4, 4, hosts(2)));
    expect(await ixfr(3)).toBe(`4 ${step(3, 4)} 4`);
  });

  it("is no hindrance when its disk is full", async (test) => {
    const journal = path.join(knotDirectory(dataDir).dir, "journal");
    const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=200k,mode=777", "tmpfs", journal]);
    if (mounted.status !== 0) return test.skip("a small disk can be mounted by root only");
    try {
      const hosts = (content: number) =>
        Array.from({ length: 1000 }, (_, index): ZoneRecord => {
          return { owner: `host-${index}.${ZONE}`, ttl: 60, type: "A", rdata: `198.51.100.${content}` };
        });
      for (let serial = 1; serial <= 6; serial++) await apply(version(serial, 1, hosts(serial)));
    } finally {
      await supervisor.stop();
      spawnSync("umount", [journal]);
    }
  });

  it("makes the nameserver wait, not each zone, when its disk takes nothing at all", async (test) => {
    const journal = path.join(knotDirectory(dataDir).dir, "journal");
    const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=200k,mode=777", "tmpfs", journal]);
    if (mounted.status !== 0) return test.skip("a small disk can be mounted by root only");
    const gone: ZoneWork = { name: ZONE, seq: 4, desired: null, previous: null };
    try {
      await apply(version(1, 1), version(2, 2));
      const fill = path.join(journal, "fill");
      await expect(writeFile(fill, Buffer.alloc(300_000))).rejects.toThrow("ENOSPC");
      for (const work of [version(1, 9), gone])
        await expect(driver.apply([work], signal)).rejects.toMatchObject({
          kind: "unreachable",
          message: expect.stringContaining("free space"),
        });
      await expectServed(version(2, 2));
      await rm(fill);
      await apply(version(1, 9));
      expect(await driver.apply([gone], signal)).toMatchObject([{ status: "accepted" }]);
    } finally {
      await supervisor.stop();
      spawnSync("umount", [journal]);
    }
  });

  it("is dropped with its zone", async () => {
    await apply(version(1, 1), version(2, 2), version(3, 3));
    await driver.apply([{ name: ZONE, seq: 4, desired: null, previous: null }], signal);
    await apply(version(1, 9));
    expect(await ixfr(2)).toBe("1");
    await kill();
    await expectServed(version(1, 9));
    await apply(version(2, 10));
    expect(await ixfr(1)).toBe(`2 ${step(1, 2)} 2`);
  });

  it("keeps what a refused zone had", async () => {
    await apply(version(1, 1), version(2, 2));
    const beside: ZoneRecord = { owner: `www.${ZONE}`, ttl: 60, type: "CNAME", rdata: "host.example.net." };
    expect(await driver.apply([version(3, 3, [beside])], signal)).toMatchObject([{ status: "failed" }]);
    await expectServed(version(2, 2));
    await kill();
    await apply(version(3, 3));
    expect(await ixfr(2)).toBe(`3 ${step(2, 3)} 3`);
  });

  it("leads to what was served when Knot took a change and the panel never knew", async () => {
    await apply(version(1, 1));
    const file = path.join(knotDirectory(dataDir).zoneDir, `${ZONE}zone`);
    const before = readFileSync(file);
    await apply(version(2, 2));
    await writeFile(`${file}.old`, before);
    await kill();
    await expectServed(version(2, 2));
    await apply(version(2, 2), version(3, 3));
    expect(await ixfr(2)).toBe(`3 ${step(2, 3)} 3`);
  });

  it("begins in a directory that has none yet", async () => {
    await apply(version(1, 1), version(2, 2));
    await supervisor.stop();
    await rm(path.join(knotDirectory(dataDir).dir, "journal"), { recursive: true });
    await supervisor.start();
    await expectServed(version(2, 2));
    expect(await ixfr(1)).toContain(WHOLE);
    await apply(version(3, 3));
    expect(await ixfr(2)).toBe(`3 ${step(2, 3)} 3`);
  });

  it("is not trusted after the machine was started again", async () => {
    await apply(version(1, 1), version(2, 2));
    await supervisor.stop();
    const { dir } = knotDirectory(dataDir);
    await writeFile(path.join(dir, "started.json"), JSON.stringify({ boot: "another" }));
    await supervisor.start();
    await expectServed(version(2, 2));
    expect(await ixfr(1)).toContain(WHOLE);
  });
});
