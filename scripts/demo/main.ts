import { rmSync } from "node:fs";
import path from "node:path";
import { randomAlphanumeric } from "@/lib/ids";
import { type ClusterServer, type Structure, startCluster } from "@/lib/server/testing/start-cluster";
import { buildFingerprint } from "../bootstrap/build.mjs";
import { withLock } from "../bootstrap/lock.mjs";
import { type DemoFlags, demoFlags } from "./flags.mjs";
import { untilServed } from "./served";
import { DEMO_FOLDER, type DemoState, isServing, readState, stateLine, stopServers, writeState } from "./state";
import { welcome } from "./welcome";
import { demoZones, seedDemo } from "./zones";

const PORTS = {
  web1: { http: 20_871, dns: 20_531 },
  ns1: { http: 20_872, dns: 20_532 },
  ns2: { http: 20_873, dns: 20_533 },
  web2: { http: 20_874, dns: 20_534 },
};

const { flags, problem } = demoFlags(process.argv.slice(2));
if (!flags) throw new Error(problem);

interface Demo {
  readonly demo: DemoState;
  /** Started by this call, and not by an earlier one. */
  readonly isOurs: boolean;
}

interface OtherStructure {
  readonly otherStructure: Structure;
  readonly isRunning: boolean;
}

/** The running demo when it fits the present sources; otherwise a new start on the data that is there, unless they are of another structure. */
async function bringUp(structure: Structure, signal: AbortSignal): Promise<Demo | OtherStructure> {
  const before = readState();
  if (before && before.structure !== structure)
    return { otherStructure: before.structure, isRunning: await isServing(before) };
  if (before?.build === buildFingerprint() && (await isServing(before))) return { demo: before, isOurs: false };
  await stopServers();
  const password = before?.servers[0]?.password ?? randomAlphanumeric(12);
  const cluster = await startCluster({
    folder: DEMO_FOLDER,
    password,
    structure,
    ports: Object.fromEntries(
      before?.servers.map(({ name, port, dnsPort }) => [name, { http: port, dns: dnsPort }]) ?? Object.entries(PORTS),
    ),
    tokens: Object.fromEntries(before?.servers.map(({ name, token }) => [name, token]) ?? []),
    seed: (ctx) => seedDemo(ctx, password),
    isDetached: true,
    signal,
  });
  const demo = describe(structure, cluster.servers);
  writeState(demo);
  const addresses = cluster.servers.map((server) => server.dns);
  await untilServed(addresses, before ? ["example.net."] : demoZones().map((zone) => zone.name), 60_000);
  return { demo, isOurs: true };
}

function describe(structure: Structure, started: readonly ClusterServer[]): DemoState {
  const servers = started.map((server) => ({
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
  return { structure, servers, build: buildFingerprint() };
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

/** What to do about it, since linking servers anew would leave the zones of the old links where they are. */
function otherStructureWords({ otherStructure, isRunning }: OtherStructure, wanted: Structure): string {
  const command = wanted === "direct" ? "npm run demo --" : `npm run demo -- --structure ${wanted}`;
  return `The demo ${isRunning ? "that is running" : "that was started before"} has the structure ${otherStructure}, not ${wanted}.
Start afresh with this one (its data are deleted):  ${command} --reset
${isRunning ? "Only stop it:                                     npm run demo -- --stop" : `Go on with that one:                              npm run demo -- --structure ${otherStructure}`}
`;
}

async function main({ structure, detach, stop: isStop, reset }: DemoFlags): Promise<void> {
  if (isStop || reset) await withLock("demo", stop);
  if (reset) rmSync(DEMO_FOLDER, { recursive: true, force: true });
  if (isStop) return;
  const { signal, asked } = untilAsked();
  const result = await withLock("demo", () => bringUp(structure, signal));
  if ("otherStructure" in result) {
    process.stderr.write(otherStructureWords(result, structure));
    process.exit(1);
  }
  const { demo, isOurs } = result;
  if (detach) {
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

await main(flags);
