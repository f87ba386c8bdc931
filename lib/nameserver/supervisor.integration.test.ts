import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, statSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { AWKWARD_NAMES, conformanceWork } from "@/lib/drivers/conformance";
import type { ZoneWork } from "@/lib/drivers/driver";
import { createKnotDriver } from "@/lib/drivers/knot/driver";
import { findStaleKnot, knotDirectory } from "@/lib/nameserver/knot-directory";
import { createKnotSupervisor, type KnotSupervisor } from "@/lib/nameserver/supervisor";
import { freePort } from "@/lib/server/testing/free-port";
import type { DnsAddress } from "@/lib/wire/dns-address";
import { querySoaMany } from "@/lib/wire/query";

const signal = new AbortController().signal;

let dataDir: string;
let listen: DnsAddress[];
let fresh: boolean[];
const supervisors: KnotSupervisor[] = [];

beforeEach(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), "zf-supervisor-"));
  listen = [{ address: "127.0.0.1", port: await freePort() }];
  fresh = [];
});
afterEach(async () => {
  for (const supervisor of supervisors.splice(0)) await supervisor.stop();
  await rm(dataDir, { recursive: true, force: true });
});

function supervise(): KnotSupervisor {
  const supervisor = createKnotSupervisor({ dataDir, listen, onFreshStart: async (isLost) => void fresh.push(isLost) });
  supervisors.push(supervisor);
  return supervisor;
}

async function apply(work: readonly ZoneWork[]): Promise<void> {
  const { controlSocket, zoneDir, logFile } = knotDirectory(dataDir);
  const driver = createKnotDriver({ controlSocket, zoneDir, logFile, addresses: listen });
  const outcomes = await driver.apply(work, signal);
  expect(outcomes.filter(({ status }) => status !== "accepted")).toEqual([]);
}

async function serials(names: readonly string[]): Promise<(number | string)[]> {
  const [server] = listen;
  if (!server) return [];
  const answers = await querySoaMany(server, names, { timeoutMs: 2000 });
  return answers.map((answer) => (answer.status === "answered" ? answer.serial : answer.status));
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error("waited too long");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

function pidOf(supervisor: KnotSupervisor): number {
  return supervisor.status().pid ?? 0;
}

/** One look: a process that is gone between two of them was alive for neither. */
function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

const ZONES = [...Array.from({ length: 50 }, (_, i) => `z${i}.example.`), ...AWKWARD_NAMES];
const work = (serial: number) => ZONES.map((zone) => conformanceWork(zone, serial));

describe("the supervised Knot", () => {
  it("runs without privileges in a closed directory", async () => {
    const supervisor = supervise();
    await supervisor.start();
    const status = supervisor.status();
    expect(status).toMatchObject({ state: "running", reason: null, restarts: 0, listen });
    expect(status.version).toMatch(/^3\./);
    const process_ = readFileSync(`/proc/${status.pid}/status`, "utf8");
    expect(process_).toMatch(/^NoNewPrivs:\s+1$/m);
    expect(process_).toMatch(/^CapEff:\s+0+$/m);
    if (process.getuid?.() === 0) expect(process_).not.toMatch(/^Uid:.*\b0\b/m);
    expect(statSync(path.join(dataDir, "nameserver")).mode & 0o777).toBe(0o700);
    expect(fresh).toEqual([true]);
    await supervisor.stop();
    expect(supervisor.status()).toMatchObject({ state: "stopped", pid: null });
    expect(isAlive(status.pid ?? 0)).toBe(false);
  });

  it("is back with every zone after kill -9, and after a restart on another port", async () => {
    const supervisor = supervise();
    await supervisor.start();
    await apply(work(1));
    await apply(work(2));
    const expected = ZONES.map(() => 2);
    const killed = pidOf(supervisor);
    const start = performance.now();
    process.kill(killed, "SIGKILL");
    await until(
      async () => supervisor.status().restarts === 1 && (await serials(ZONES)).every((serial) => serial === 2),
    );
    process.stdout.write(`kill -9 until every zone was back: ${Math.round(performance.now() - start)} ms\n`);
    // Zones answer a moment before the supervisor has looked.
    await until(() => fresh.length === 2);
    expect(fresh).toEqual([true, false]);
    listen = [
      { address: "127.0.0.1", port: await freePort() },
      { address: "::1", port: await freePort() },
    ];
    await supervisor.restart(listen);
    await until(async () => (await serials(ZONES)).join() === expected.join());
    expect(supervisor.status()).toMatchObject({ state: "running", listen });
    await apply(work(3));
    expect(await serials(ZONES)).toEqual(ZONES.map(() => 3));
  });

  it("takes zones out of Knot for good", async () => {
    const supervisor = supervise();
    await supervisor.start();
    await apply(work(1));
    // As a change leaves it that was cancelled after its file was written.
    const file = path.join(knotDirectory(dataDir).zoneDir, "z1.example.zone");
    await writeFile(`${file}.old`, readFileSync(file));
    await apply(ZONES.map((name) => ({ name, seq: 2, desired: null, previous: null })));
    await supervisor.restart();
    expect(new Set(await serials(ZONES))).toEqual(new Set(["refused"]));
  });

  it("says that everything is lost when its directory was removed, running or not", async () => {
    const supervisor = supervise();
    await supervisor.start();
    await apply(work(1));
    await rm(path.join(dataDir, "nameserver"), { recursive: true });
    await until(() => fresh.length === 2 && supervisor.status().state === "running");
    expect(fresh).toEqual([true, true]);
    expect(new Set(await serials(ZONES))).toEqual(new Set(["refused"]));
    await apply(work(2));
    await supervisor.stop();
    await rm(path.join(dataDir, "nameserver"), { recursive: true });
    await supervisor.start();
    expect(fresh).toEqual([true, true, true]);
  });

  it("says that files are doubtful after the machine was started again", async () => {
    const supervisor = supervise();
    await supervisor.start();
    await supervisor.stop();
    await writeFile(path.join(dataDir, "nameserver", "started.json"), JSON.stringify({ boot: "another" }));
    await supervisor.start();
    await supervisor.restart();
    expect(fresh).toEqual([true, true, false]);
  });

  it("puts back the file that was served when a crash came before Knot had judged the new one", async () => {
    const supervisor = supervise();
    await supervisor.start();
    await apply(work(1));
    await supervisor.stop();
    const file = path.join(knotDirectory(dataDir).zoneDir, "z1.example.zone");
    await writeFile(`${file}.old`, readFileSync(file));
    await writeFile(file, "refused\n");
    await writeFile(`${file}.new`, "half\n");
    await supervisor.start();
    await until(async () => (await serials(["z1.example."]))[0] === 1);
    expect(existsSync(`${file}.new`) || existsSync(`${file}.old`)).toBe(false);
  });

  it("waits for a port that is in use, without a crash loop", async () => {
    const [address] = listen;
    const other = createServer().listen({ host: "127.0.0.1", port: address?.port });
    await once(other, "listening");
    const supervisor = supervise();
    await supervisor.start();
    expect(supervisor.status()).toMatchObject({ state: "port-in-use", pid: null, restarts: 0 });
    expect(supervisor.status().reason).toContain(`127.0.0.1#${address?.port}`);
    other.close();
    await until(() => supervisor.status().state === "running");
  });

  it("says what is wrong with an address that is not ours", async () => {
    listen = [{ address: "192.0.2.1", port: 5353 }];
    const supervisor = supervise();
    await supervisor.start();
    expect(supervisor.status()).toMatchObject({ state: "backing-off", reason: expect.stringContaining("192.0.2.1") });
  });

  it("works in a directory whose path is longer than a socket's may be", async () => {
    const outer = dataDir;
    dataDir = path.join(outer, "d".repeat(100), "e".repeat(100));
    await mkdir(dataDir, { recursive: true });
    const supervisor = supervise();
    await supervisor.start();
    await apply(work(1));
    expect(await serials(ZONES)).toEqual(ZONES.map(() => 1));
    await supervisor.stop();
    await rm(path.dirname(knotDirectory(dataDir).controlSocket));
    dataDir = outer;
  });
});

describe("a panel that was killed", () => {
  /** A panel in a process of its own: starts Knot, prints its process id, and waits. */
  async function panel(): Promise<{ kill: () => Promise<void>; knot: number }> {
    const script = `
      import { createKnotSupervisor } from "@/lib/nameserver/supervisor";
      const supervisor = createKnotSupervisor(${JSON.stringify({ dataDir, listen })});
      await supervisor.start();
      console.log(supervisor.status().pid);`;
    const file = path.join(import.meta.dirname, `panel-${process.pid}.test-process.ts`);
    await writeFile(file, script);
    const child = spawn(process.execPath, ["--import", "tsx", file], { stdio: ["ignore", "pipe", "ignore"] });
    const [line] = await once(child.stdout, "data");
    await rm(file);
    return {
      knot: Number(String(line)),
      async kill() {
        child.kill("SIGKILL");
        await once(child, "exit");
      },
    };
  }

  it("takes Knot with it", async () => {
    const { kill, knot } = await panel();
    expect(isAlive(knot)).toBe(true);
    await kill();
    await until(() => !isAlive(knot));
  });

  it("is followed by one that ends a Knot left over, and no other process", async () => {
    const supervisor = supervise();
    await supervisor.start();
    await apply(work(1));
    const { dir } = knotDirectory(dataDir);
    // A second supervisor knows nothing of the first one's child, like a panel after a crash.
    const second = supervise();
    const before = pidOf(supervisor);
    expect(findStaleKnot(knotDirectory(dataDir))).toBe(before);
    await Promise.all([supervisor.stop(), second.start()]);
    expect(isAlive(before)).toBe(false);
    await until(() => second.status().state === "running");
    await second.stop();
    // A pid file that names somebody else: this very process.
    await writeFile(path.join(dir, "knot.pid"), `${process.pid}\n`);
    expect(findStaleKnot(knotDirectory(dataDir))).toBeNull();
    await second.start();
    expect(second.status().state).toBe("running");
  });
});
