import { readFileSync } from "node:fs";
import type { Context } from "@/lib/context";
import type { DnsAddress, Driver } from "@/lib/drivers/driver";
import { createDriver } from "@/lib/drivers/registry";
import type { LocalNameserver } from "@/lib/engine/server-engine";
import { ensureLocalTarget, requestCompare } from "@/lib/engine/targets";
import { publish, subscribe } from "@/lib/live/bus";
import { logger } from "@/lib/logger";
import { reachableAddress } from "@/lib/nameserver/knot-config";
import { knotDirectory } from "@/lib/nameserver/knot-directory";
import type { NameserverStatus } from "@/lib/nameserver/status";
import { createKnotSupervisor, type KnotSupervisor } from "@/lib/nameserver/supervisor";
import { listenField } from "@/lib/settings/fields";
import { readSettings } from "@/lib/settings/settings";
import { ownAddresses } from "./own-addresses";

const log = logger("nameserver");

const DNS_PORT = 53;
/** For a server that may not use port 53. */
const UNPRIVILEGED_PORT = 5353;

/** The server's own nameserver, kept in step with the settings. */
export interface ServerNameserver {
  readonly status: () => NameserverStatus;
  /** For the engine; null while it does not run. */
  readonly local: LocalNameserver;
  stop(): Promise<void>;
}

/** Begins to run it, and goes on trying when it cannot be run. Follows changed settings; a server that is not set up yet has none. */
export async function startNameserver(ctx: Context): Promise<ServerNameserver> {
  let listen = await wantedAddresses(ctx);
  const supervisor = createKnotSupervisor({
    dataDir: ctx.env.dataDir,
    listen,
    onFreshStart: (isLost) => resume(ctx, isLost),
  });
  const endStatus = supervisor.subscribe(() => publish("nameserver"));
  const follow = async () => {
    const wanted = await wantedAddresses(ctx);
    if (JSON.stringify(wanted) === JSON.stringify(listen)) return;
    listen = wanted;
    log.info("The nameserver's addresses changed.", { listen });
    await supervisor.restart(listen);
  };
  let following = Promise.resolve();
  const endSettings = subscribe((topic) => {
    if (topic === "nameserver")
      following = following
        .then(follow)
        .catch((error) => log.error("The nameserver's settings could not be applied.", { error }));
  });
  void supervisor.start();
  return {
    status: () => supervisor.status(),
    local: localDriver(ctx, supervisor),
    async stop() {
      endSettings();
      endStatus();
      await following;
      await supervisor.stop();
    },
  };
}

/** The nameserver is back: what waited for it goes to it now, after asking what it still has when it may have lost something. */
async function resume(ctx: Context, isLost: boolean): Promise<void> {
  const id = await ensureLocalTarget(ctx);
  if (isLost) await ctx.db.transaction((tx) => requestCompare(tx, id), "nameserver-lost");
  else {
    const data = { retryAt: 0n, attempts: 0 };
    await ctx.db.statement((db) => db.target.updateMany({ where: { id }, data }), "nameserver-runs");
  }
  ctx.wake();
}

function localDriver(ctx: Context, supervisor: KnotSupervisor): LocalNameserver {
  const { controlSocket, zoneDir, logFile } = knotDirectory(ctx.env.dataDir);
  let made: { listen: readonly DnsAddress[]; driver: Driver; addresses: readonly DnsAddress[] } | undefined;
  return () => {
    const { state, listen } = supervisor.status();
    if (state !== "running") return null;
    if (made?.listen !== listen) {
      const addresses = listen.map(reachableAddress);
      made = { listen, addresses, driver: createDriver("local-knot", { controlSocket, zoneDir, addresses, logFile }) };
    }
    return made;
  };
}

/** Where it shall listen: as the settings page says, else the environment, else the server's own addresses. None before the server is set up. */
async function wantedAddresses({ db, env }: Context): Promise<readonly DnsAddress[]> {
  const { isSetUp, addresses } = await readSettings(db.client, "server");
  if (!isSetUp) return [];
  const { listen } = await readSettings(db.client, "nameserver");
  if (listen.length > 0) return listen;
  if (env.dnsListen.length > 0) return fromEnvironment(env.dnsListen);
  const own = ownAddresses();
  const chosen = addresses.filter((address) => own.includes(address));
  const port = mayUsePort53() ? DNS_PORT : UNPRIVILEGED_PORT;
  // A server behind address translation has none of the addresses that the world knows it by.
  return (chosen.length > 0 ? chosen : own).map((address) => ({ address, port }));
}

/** @throws Error that names the variable. */
function fromEnvironment(entries: readonly string[]): readonly DnsAddress[] {
  const parsed = listenField.safeParse([...entries]);
  if (parsed.success) return parsed.data;
  throw new Error(`ZONEFLEET_DNS_LISTEN: ${parsed.error.issues.map((issue) => issue.message).join(" ")}`);
}

/** Whether this process has CAP_NET_BIND_SERVICE (bit 10), as root has. */
function mayUsePort53(): boolean {
  const effective = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
  return effective !== undefined && (BigInt(`0x${effective}`) & (1n << 10n)) !== 0n;
}
