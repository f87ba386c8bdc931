import os from "node:os";
import { systemClock } from "@/lib/clock";
import { answerRest } from "@/lib/compat/api/http";
import { answerWhm } from "@/lib/compat/whm/http";
import type { Context } from "@/lib/context";
import { openDatabase } from "@/lib/db/database";
import type { Engine } from "@/lib/engine/engine";
import { dropLeasesOfBefore } from "@/lib/engine/leases";
import { createServerEngine } from "@/lib/engine/server-engine";
import type { Env } from "@/lib/env";
import { errorMessage } from "@/lib/errors";
import { logger } from "@/lib/logger";
import { closeMemberDrivers } from "@/lib/members/open-driver";
import { setMeter } from "@/lib/metrics/meter";
import { createMetrics } from "@/lib/metrics/registry";
import { type AddressSet, addressSet } from "@/lib/net/address-set";
import { runtime, setRuntime } from "@/lib/runtime";
import { loadSecrets } from "@/lib/secrets";
import { readSettings } from "@/lib/settings/settings";
import { endWaits } from "@/lib/zones/wait-for-change";
import { type Certificate, loadCertificate, watchCertificate } from "./certificate";
import type { Closers } from "./closers";
import { lockDataDirectory, makeDataDirectory } from "./data-directory";
import { firstStart } from "./first-start";
import { type Listener, listen, type RequestHandler } from "./listener";
import { startNameserver } from "./nameserver";
import { preparePages } from "./pages";
import { tellOutages } from "./tell-outages";
import { answerRestWire, answerWire, isRestRequest, isWireRequest } from "./wire";

const log = logger("server");

/** How long requests may take to end when the server stops; the engine's current slice ends in the same time. */
const GRACE_MS = 5_000;

export interface ServerOptions {
  /** Compiles pages as they are asked for. */
  readonly isDevelopment: boolean;
  /** Takes what has to be ended; the caller runs it, also when the start fails. */
  readonly closers: Closers;
}

export interface RunningServer {
  readonly url: string;
  /** Looks for a new certificate now. */
  reload(): void;
}

/** Starts everything in the order in which one part needs the other: data directory, database, nameserver, engine, pages, port. */
export async function startServer(env: Env, { isDevelopment, closers }: ServerOptions): Promise<RunningServer> {
  const trustedProxies = readProxies(env);
  makeDataDirectory(env.dataDir);
  closers.add("data directory", await lockDataDirectory(env.dataDir));
  const secrets = loadSecrets(env.dataDir, env.secretKey);
  const db = await openDatabase(env.databaseUrl);
  closers.add("database", () => db.close());

  let engine: Engine | undefined;
  const ctx: Context = { db, clock: systemClock, env, secrets, wake: (isReceived) => engine?.wake(isReceived) };
  const setupCode = await firstStart(ctx);
  const { hostname, addresses } = await serverName(ctx);
  const certificate = env.tls ? await loadCertificate(env.dataDir, [hostname, ...addresses]) : null;

  const nameserver = await startNameserver(ctx);
  closers.add("nameserver", () => nameserver.stop());
  closers.add("outages", tellOutages(ctx, nameserver.status));
  let listener: Listener | undefined;
  const running = createServerEngine(ctx, nameserver.local, () => listener !== undefined);
  closers.add("requests and engine", async () => {
    endWaits(ctx);
    await Promise.all([listener?.close(GRACE_MS), running.stop()]);
    await closeMemberDrivers(ctx);
  });
  engine = running;
  const engineIdleMs = () => ctx.clock.monotonic() - (running.lookedAt() ?? Number.NEGATIVE_INFINITY);
  const metrics = createMetrics(ctx, { nameserver: nameserver.status, engineIdleMs });
  setMeter(metrics.meter);
  setRuntime({ ...ctx, setupCode: () => setupCode, nameserver: nameserver.status, engineIdleMs, metrics });
  await dropLeasesOfBefore(ctx);
  engine.start();

  const pages = await preparePages({ isDevelopment, hostname, port: env.port });
  closers.add("pages", () => pages.close());
  const handle: RequestHandler = (request, response) => {
    if (isRestRequest(request)) return answerRestWire(request, response, (call) => answerRest(runtime(), call));
    if (isWireRequest(request)) return answerWire(request, response, (call) => answerWhm(runtime(), call));
    return pages.handle(request, response);
  };
  listener = await listen({ host: env.listen, port: env.port, certificate, trustedProxies }, handle);
  const reload = certificate ? followCertificate(env.dataDir, certificate, listener, closers) : () => undefined;

  const url = env.publicUrl ?? `${env.tls ? "https" : "http"}://${hostname}:${listener.port}`;
  log.info("Listening.", { url, listen: env.listen, port: listener.port, dataDir: env.dataDir });
  if (setupCode !== null) announceSetup(url, setupCode);
  return { url, reload };
}

async function serverName(ctx: Context): Promise<{ hostname: string; addresses: readonly string[] }> {
  const settings = await readSettings(ctx.db.client, "server");
  return { hostname: settings.hostname || (ctx.env.hostname ?? os.hostname()), addresses: settings.addresses };
}

function readProxies(env: Env): AddressSet {
  try {
    return addressSet(env.trustedProxies);
  } catch (error) {
    throw new Error(`ZONEFLEET_TRUSTED_PROXIES: ${errorMessage(error)}`);
  }
}

function followCertificate(
  dataDir: string,
  certificate: Certificate,
  listener: Listener,
  closers: Closers,
): () => void {
  const watching = watchCertificate(dataDir, certificate, (pair) => listener.useCertificate(pair));
  closers.add("certificate", () => watching.close());
  return () => watching.check();
}

/** On standard output, not in the log: whoever reads logs later must not find it there. */
function announceSetup(url: string, code: string): void {
  process.stdout.write(`\nThis server is not set up yet. Open ${url}/setup and enter this code: ${code}\n\n`);
}
