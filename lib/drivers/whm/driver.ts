import { z } from "zod";
import type { Driver, TargetStatus, ZoneOutcome, ZoneWork } from "@/lib/drivers/driver";
import { connectionError } from "@/lib/drivers/http/connection-problem";
import type { Transaction } from "@/lib/drivers/http/transaction";
import { DriverError, type DriverErrorKind } from "@/lib/errors";
import { createWhmConnection, parseJson, type WhmConnection } from "./connection";
import { identify, type RemoteServer } from "./identify";
import { askNameserver } from "./nameserver";
import { readPaths } from "./paths";
import type { WantedZone } from "./push";
import { askTrust, establishTrust } from "./reverse-trust";
import { fetchZones, listWhm, pushToWhm, removeFromWhm } from "./whm-server";
import { listPeer, type PeerCall, pushToPeer, removeFromPeer } from "./zonefleet-peer";

export interface WhmDriverConfig {
  /** Hostname or numeric address as entered. */
  readonly host: string;
  /** Numeric address that it resolved to; no other is ever called. */
  readonly address: string;
  readonly port: number;
  readonly username: string;
  readonly token: string;
  /** SHA-256 of the certificate's public key, base64; null: the system's roots decide. */
  readonly pin: string | null;
  /** The DNS role of this member: what we do towards it. */
  readonly role: "sync" | "write-only" | "standalone";
  readonly self: { readonly serverId: string; readonly hostname: string };
  /** Debug mode: is told about every exchange, without credentials. */
  readonly onTransaction?: (transaction: Transaction) => void;
}

/** Zones in one command. WHM writes them one after the other while we wait; a Zonefleet server takes them in one transaction. */
const WHM_BATCH = 100;
const PEER_BATCH = 500;

/** After these the server at the other end may be another one, or another version: it is asked again who it is. */
const FORGETTING: ReadonlySet<DriverErrorKind> = new Set(["unreachable", "timeout", "tls", "bad-response", "auth"]);

/**
 * The driver for cPanel & WHM, DNSOnly and Zonefleet servers, over WHM's member protocol. It finds out at first contact which of them answers.
 * @param config.role "sync" keeps a copy that is newer there and hands it over ("newer-there"); "write-only" pushes without looking;
 *   "standalone" only reads: `apply` refuses
 */
export function createWhmDriver(config: WhmDriverConfig): Driver {
  const connection = createWhmConnection(config);
  let known: RemoteServer | undefined;

  const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      if (error instanceof DriverError && FORGETTING.has(error.kind)) known = undefined;
      throw error;
    }
  };
  const remote = async (signal: AbortSignal) => {
    known ??= await identify(connection, config.self.serverId, signal);
    return known;
  };

  return {
    get capabilities() {
      return {
        batchSize: known?.kind === "zonefleet" ? PEER_BATCH : WHM_BATCH,
        wantsPreviousText: false,
        read: { supported: true },
      } as const;
    },
    apply: (work, signal, willReplace) =>
      guarded(async () => applyTo(await remote(signal), connection, config, { work, signal, willReplace })),
    async *list(signal) {
      const server = await guarded(() => remote(signal));
      yield* server.kind === "zonefleet" ? listPeer(connection, signal) : listWhm(connection, signal);
    },
    fetch: (names, signal) =>
      names.length === 0 ? Promise.resolve([]) : guarded(() => fetchZones(connection, names, signal)),
    status: (signal) =>
      guarded(async () => {
        known = undefined;
        const server = await remote(signal);
        const status =
          server.kind === "zonefleet" ? peerStatus(server) : await whmStatus(server, connection, config, signal);
        // Last: when there is no time left for it, everything else is known.
        const nameserver = await askNameserver(connection, signal);
        return { ...status, ...(nameserver && { nameserver }) };
      }),
    paths: (signal) => guarded(() => readPaths(connection, config.self.serverId, signal)),
    reverseTrust: {
      establish: (offer, signal) =>
        guarded(async () => establishTrust(await remote(signal), connection, config.self, offer, signal)),
      ask: (address, signal) => guarded(() => askTrust(connection, config.self, address, signal)),
    },
    async close() {
      connection.close();
    },
  };
}

interface ApplyCall {
  readonly work: readonly ZoneWork[];
  readonly signal: AbortSignal;
  readonly willReplace: Parameters<Driver["apply"]>[2];
}

async function applyTo(
  server: RemoteServer,
  connection: WhmConnection,
  config: WhmDriverConfig,
  { work, signal, willReplace }: ApplyCall,
): Promise<ZoneOutcome[]> {
  const { role, self, host } = config;
  if (role === "standalone")
    throw new DriverError("unsupported", host, "apply", `Nothing is sent to ${host}: its DNS role is Standalone.`);
  const wanted = work.filter((item): item is WantedZone => item.desired !== null);
  const unwanted = work.filter(({ desired }) => desired === null);
  const peer: PeerCall = { connection, ...self, mode: role === "sync" ? "newest" : "overwrite", signal };
  const outcomes: ZoneOutcome[] = [];
  if (wanted.length > 0) {
    const pushed =
      server.kind === "zonefleet"
        ? await pushToPeer(peer, wanted)
        : await pushToWhm(
            connection,
            wanted,
            { looksFirst: role === "sync", hostname: self.hostname, willReplace },
            signal,
          );
    outcomes.push(...pushed);
  }
  if (unwanted.length > 0) {
    const removed =
      server.kind === "zonefleet"
        ? await removeFromPeer(peer, unwanted)
        : await removeFromWhm(connection, unwanted, { looksFirst: role === "sync" }, signal);
    outcomes.push(...removed);
  }
  return outcomes;
}

function peerStatus({ info }: RemoteServer & { kind: "zonefleet" }): TargetStatus {
  const { version, hostname, serverId, kind, addresses, dnsAddresses } = info;
  return { version, software: "Zonefleet", hostname, serverId, kind, addresses, dnsAddresses };
}

const hostnameReply = z.object({ hostname: z.string().max(300) });
const privileges = z.object({ privileges: z.array(z.record(z.string(), z.unknown())).min(1) });

async function whmStatus(
  { version }: RemoteServer & { kind: "whm" },
  connection: WhmConnection,
  { address }: WhmDriverConfig,
  signal: AbortSignal,
): Promise<TargetStatus> {
  const named = hostnameReply.safeParse(parseJson(await connection.query("/json-api/gethostname?", { signal })));
  await checkPrivilege(connection, signal);
  return {
    version,
    software: "cPanel & WHM",
    ...(named.success ? { hostname: named.data.hostname.trim() } : {}),
    // WHM's nameserver answers at the usual port of the address that its members know.
    dnsAddresses: [{ address, port: 53 }],
  };
}

/**
 * A token without `clustering` may still ask for the version; say so before the first zone fails. A server that does not tell privileges is asked for a
 * harmless member command.
 */
async function checkPrivilege(connection: WhmConnection, signal: AbortSignal): Promise<void> {
  let held: Record<string, unknown> | undefined;
  try {
    held = (await connection.api("myprivs", privileges, { signal })).privileges[0];
  } catch (error) {
    if (!(error instanceof DriverError) || !["unsupported", "rejected", "auth"].includes(error.kind)) throw error;
    await connection.command("zoneexists_local", [["zone", "zonefleet.invalid"]], { signal });
    return;
  }
  const has = (acl: string) => Number(held?.[acl] ?? 0) === 1;
  if (has("clustering") || has("all")) return;
  const message = `The token is valid at ${connection.host}, but has not the privilege clustering.`;
  throw connectionError("auth", connection.host, "myprivs", message, { code: "missing-privilege" });
}
