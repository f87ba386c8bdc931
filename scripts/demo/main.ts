import { rmSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { randomAlphanumeric } from "@/lib/ids";
import { type Cluster, startCluster } from "@/lib/server/testing/start-cluster";
import { buildFingerprint } from "../bootstrap/build.mjs";
import { withLock } from "../bootstrap/lock.mjs";
import { untilServed } from "./served";
import { DEMO_FOLDER, type DemoState, isServing, readState, stateLine, stopServers, writeState } from "./state";
import { welcome } from "./welcome";
import { demoZones, seedDemo } from "./zones";

const HTTP_PORTS = [20_871, 20_872, 20_873];
const DNS_PORTS = [20_531, 20_532, 20_533];

const { values: flags } = parseArgs({
  options: { detach: { type: "boolean" }, stop: { type: "boolean" }, reset: { type: "boolean" } },
});

/** The running demo when it fits the present sources; otherwise a new start on the data that is there. */
async function bringUp(signal: AbortSignal): Promise<{ demo: DemoState; isOurs: boolean }> {
  const before = readState();
  if (before?.build === buildFingerprint() && (await isServing(before))) return { demo: before, isOurs: false };
  await stopServers();
  const password = before?.servers[0]?.password ?? randomAlphanumeric(12);
  const cluster = await startCluster({
    folder: DEMO_FOLDER,
    password,
    httpPorts: before?.servers.map((server) => server.port) ?? HTTP_PORTS,
    dnsPorts: before?.servers.map((server) => server.dnsPort) ?? DNS_PORTS,
    tokens: Object.fromEntries(before?.servers.map(({ name, token }) => [name, token]) ?? []),
    seed: (ctx) => seedDemo(ctx, password),
    isDetached: true,
    signal,
  });
  const demo = describe(cluster);
  writeState(demo);
  const addresses = cluster.servers.map((server) => server.dns);
  await untilServed(addresses, before ? ["example.net."] : demoZones().map((zone) => zone.name), 60_000);
  return { demo, isOurs: true };
}

function describe(cluster: Cluster): DemoState {
  const servers = cluster.servers.map((server) => ({
    name: server.name,
    url: server.process.url,
    user: server.user,
    password: server.password,
    token: server.token,
    dns: `${server.dns.address}#${server.dns.port}`,
    dataDir: path.resolve(server.process.dataDir),
    port: server.process.port,
    dnsPort: server.dns.port,
  }));
  return { servers, build: buildFingerprint() };
}

async function stop(): Promise<void> {
  const count = await stopServers();
  process.stderr.write(count > 0 ? "The demo was stopped.\n" : "The demo is not running.\n");
}

/** @returns a promise of the first signal to end, for as long as this process lives. */
function untilAsked(): { readonly signal: AbortSignal; readonly asked: Promise<void> } {
  const abort = new AbortController();
  const asked = new Promise<void>((resolve) => {
    for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
      process.on(name, () => {
        abort.abort();
        resolve();
      });
  });
  return { signal: abort.signal, asked };
}

async function main(): Promise<void> {
  if (flags.stop || flags.reset) await withLock("demo", stop);
  if (flags.reset) rmSync(DEMO_FOLDER, { recursive: true, force: true });
  if (flags.stop) return;
  const { signal, asked } = untilAsked();
  const { demo, isOurs } = await withLock("demo", () => bringUp(signal));
  if (flags.detach) {
    process.stdout.write(`${stateLine(demo)}\n`);
    process.exit(0);
  }
  process.stdout.write(welcome(demo));
  if (!isOurs) {
    process.stdout.write("They were running already. Stop them: npm run demo -- --stop\n");
    process.exit(0);
  }
  process.stdout.write("Ctrl-C stops the servers.\n");
  const alive = setInterval(() => undefined, 60_000);
  await asked;
  clearInterval(alive);
  process.stderr.write("\nStopping …\n");
  await stopServers();
  process.exit(0);
}

await main();
