import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { applicationFolder } from "@/lib/application-folder";
import { isHealthy } from "@/lib/server/testing/is-healthy";
import type { Structure } from "@/lib/server/testing/start-cluster";

/** Where the demo keeps everything. */
export const DEMO_FOLDER = path.join(applicationFolder(), ".demo");
const FILE = path.join(DEMO_FOLDER, "demo.json");

/** Names of WHM's structures, as `--structure` takes them. */
export const structure = z.enum(["direct", "intermediary", "multiple"]) satisfies z.ZodType<Structure>;

const server = z.object({
  name: z.enum(["web1", "web2", "ns1", "ns2"]),
  url: z.string(),
  user: z.string(),
  password: z.string(),
  token: z.string(),
  /** ADDRESS#PORT, as `dig` writes it. */
  dns: z.string(),
  dataDir: z.string(),
});
const state = z.object({
  structure: structure.default("direct"),
  servers: z.array(server.extend({ port: z.number().int(), dnsPort: z.number().int() })),
  /** Fingerprint of the sources that the running servers were built from. */
  build: z.string(),
});

export type DemoState = z.infer<typeof state>;
export type DemoServer = z.infer<typeof server>;

/** What the last start wrote; null before the first one. */
export function readState(): DemoState | null {
  return existsSync(FILE) ? state.parse(JSON.parse(readFileSync(FILE, "utf8"))) : null;
}

export function writeState(next: DemoState): void {
  mkdirSync(DEMO_FOLDER, { recursive: true, mode: 0o700 });
  writeFileSync(`${FILE}.new`, `${JSON.stringify(next, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${FILE}.new`, FILE);
}

/** The line that scripts read. */
export function stateLine({ servers }: DemoState): string {
  return JSON.stringify({ servers: servers.map((entry) => server.parse(entry)) });
}

/** Process ids of the demo's servers that run, whoever started them, and even if their folder was removed. */
function runningServers(): number[] {
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry) && isDemoServer(entry))
    .map(Number);
}

function isDemoServer(pid: string): boolean {
  try {
    const isServer = readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(path.join("dist", "server.mjs"));
    return (
      isServer && readFileSync(`/proc/${pid}/environ`, "utf8").includes(`ZONEFLEET_DATA_DIR=${DEMO_FOLDER}${path.sep}`)
    );
  } catch {
    // It ended in between, or is somebody else's.
    return false;
  }
}

/** Whether every server runs and answers. */
export async function isServing(demo: DemoState): Promise<boolean> {
  if (runningServers().length < demo.servers.length) return false;
  const answers = await Promise.all(demo.servers.map(({ url }) => isHealthy(url)));
  return answers.every(Boolean);
}

/** Ends the demo's servers; those that do not end within 12 s are killed. @returns how many there were. */
export async function stopServers(): Promise<number> {
  const running = runningServers();
  for (const pid of running) process.kill(pid, "SIGTERM");
  const deadline = performance.now() + 12_000;
  while (runningServers().length > 0 && performance.now() < deadline) await sleep(50);
  for (const pid of runningServers()) process.kill(pid, "SIGKILL");
  return running.length;
}
