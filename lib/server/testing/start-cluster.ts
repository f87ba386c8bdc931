import { X509Certificate } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { setClusterEnabled } from "@/lib/cluster/settings";
import type { DnsAddress } from "@/lib/drivers/driver";
import { publicKeyPin } from "@/lib/drivers/http/certificate";
import { randomAlphanumeric } from "@/lib/ids";
import { newMemberSchema } from "@/lib/members/schemas";
import { addMember, updateMember } from "@/lib/members/service";
import { certificateFiles } from "@/lib/net/certificate-files";
import { createToken } from "@/lib/tokens/service";
import { freePort } from "./free-port";
import { openContext, type ServerContext } from "./open-context";
import { type ServerProcess, startServer } from "./start-server";

/**
 * Real servers on loopback, linked as one of the three structures that WHM's guide to cluster configurations names. Each has its own data directory, HTTPS
 * port and nameserver, on an address of its own: a member that names another one's address would be told apart.
 */
const CLUSTER_SERVERS = {
  web1: { hostname: "web1.example.net", kind: "web-server", address: "127.0.0.1" },
  web2: { hostname: "web2.example.net", kind: "web-server", address: "127.0.0.4" },
  ns1: { hostname: "ns1.example.net", kind: "dns-only", address: "127.0.0.2" },
  ns2: { hostname: "ns2.example.net", kind: "dns-only", address: "127.0.0.3" },
} as const;

type ServerName = keyof typeof CLUSTER_SERVERS;

/** Who sends to whom: each server with its members, in the order that zones travel. */
export const STRUCTURES = {
  direct: { web1: ["ns1", "ns2"], ns1: [], ns2: [] },
  intermediary: { web1: ["ns1"], ns1: ["ns2"], ns2: [] },
  multiple: { web1: ["web2"], web2: ["ns1"], ns1: ["ns2"], ns2: [] },
} as const satisfies Record<string, Partial<Record<ServerName, readonly ServerName[]>>>;

export type Structure = keyof typeof STRUCTURES;

/** The servers of a structure. */
export type ClusterServerName<S extends Structure = "direct"> = keyof (typeof STRUCTURES)[S] & ServerName;

export interface ClusterServer {
  readonly name: ServerName;
  readonly hostname: string;
  readonly process: ServerProcess;
  readonly user: "root";
  readonly password: string;
  /** Carries every privilege of root. */
  readonly token: string;
  readonly dns: DnsAddress;
}

export type Cluster<S extends Structure = "direct"> = Readonly<Record<ClusterServerName<S>, ClusterServer>> & {
  /** In the order that zones travel. */
  readonly servers: readonly ClusterServer[];
  /** The variables that a server was started with, for `openContext`. */
  variables(name: ServerName): Readonly<Record<string, string>>;
  stop(): Promise<void>;
};

/** What differs from start to start is kept by the caller: the demo keeps it, tests need not. */
export interface ClusterOptions<S extends Structure = "direct"> {
  /** Default: "direct". */
  readonly structure?: S;
  /** Default: true. Otherwise no server knows another one, and clustering is disabled everywhere. */
  readonly isLinked?: boolean;
  /** Holds one data directory a server. */
  readonly folder: string;
  readonly password?: string;
  /** Ports to prefer. */
  readonly ports?: Partial<Record<ServerName, { readonly http: number; readonly dns: number }>>;
  /** Tokens of an earlier start; missing ones are made. */
  readonly tokens?: Partial<Record<ServerName, string>>;
  /** Further variables of a server. */
  readonly variables?: (name: ServerName, address: string) => Readonly<Record<string, string>>;
  /** Fills web1 before it serves, once, when it is new. */
  readonly seed?: (ctx: ServerContext) => Promise<void>;
  readonly isDetached?: boolean;
  /** Gives up starting, and stops what was started. */
  readonly signal?: AbortSignal;
}

interface Plan {
  readonly name: ServerName;
  readonly hostname: string;
  readonly address: string;
  readonly port: number;
  readonly dns: DnsAddress;
  readonly dataDir: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly members: readonly ServerName[];
}

/** Starts a structure's servers and links them. Stops what it started when one of them fails. @throws Error as `startServer`. */
export async function startCluster<S extends Structure = "direct">(options: ClusterOptions<S>): Promise<Cluster<S>> {
  const password = options.password ?? randomAlphanumeric(16);
  mkdirSync(options.folder, { recursive: true, mode: 0o700 });
  const plans = await planServers(options, password);
  const tokens: Partial<Record<ServerName, string>> = { ...options.tokens };
  const started: ServerProcess[] = [];
  const stop = async () => void (await Promise.all(started.map((server) => server.stop())));
  const start = async (plan: Plan) => {
    await prepare(plan, plans, tokens, options);
    const { dataDir, address, port, variables } = plan;
    const { isDetached, signal } = options;
    started.push(await startServer({ dataDir, address, port, env: variables, isDetached, signal }));
  };
  try {
    for (const wave of waves(plans)) {
      const results = await Promise.allSettled(wave.map(start));
      for (const result of results) if (result.status === "rejected") throw result.reason;
    }
    return assemble<S>(plans, started, tokens, password, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A server is linked before it starts, and to members that run: those come first. */
function waves(plans: readonly Plan[]): Plan[][] {
  const left = new Set(plans);
  const result: Plan[][] = [];
  while (left.size > 0) {
    const awaited = new Set([...left].map(({ name }) => name));
    const wave = [...left].filter(({ members }) => !members.some((name) => awaited.has(name)));
    if (wave.length === 0) throw new RangeError("A structure is no circle.");
    for (const plan of wave) left.delete(plan);
    result.push(wave);
  }
  return result;
}

async function planServers<S extends Structure>(options: ClusterOptions<S>, password: string): Promise<Plan[]> {
  const links: Partial<Record<ServerName, readonly ServerName[]>> = STRUCTURES[options.structure ?? "direct"];
  const isLinked = options.isLinked ?? true;
  return Promise.all(
    (Object.keys(links) as ServerName[]).map(async (name) => {
      const { hostname, kind, address } = CLUSTER_SERVERS[name];
      const dataDir = path.join(options.folder, name);
      const { http, dns } = options.ports?.[name] ?? {};
      const dnsPort = await freePort(address, dns);
      const variables = {
        ZONEFLEET_DATA_DIR: dataDir,
        ZONEFLEET_HOSTNAME: hostname,
        ZONEFLEET_ADDRESSES: address,
        ZONEFLEET_KIND: kind,
        ZONEFLEET_ROOT_PASSWORD: password,
        ZONEFLEET_DNS_LISTEN: `${address}@${dnsPort}`,
        ZONEFLEET_ALLOWED_MEMBER_NETWORKS: "127.0.0.0/8",
        ...options.variables?.(name, address),
      };
      const port = await freePort(address, http);
      const members = isLinked ? (links[name] ?? []) : [];
      return { name, hostname, address, port, dns: { address, port: dnsPort }, dataDir, variables, members };
    }),
  );
}

/** Sets a new server up and links it to its members, through the services behind its pages. A member that moved to another port since is changed. */
async function prepare(
  { name, dataDir, variables, members }: Plan,
  plans: readonly Plan[],
  tokens: Partial<Record<ServerName, string>>,
  { seed }: Pick<ClusterOptions, "seed">,
): Promise<void> {
  const isNew = !existsSync(path.join(dataDir, "zonefleet.db"));
  const ctx = await openContext(variables);
  try {
    if (isNew && name === "web1") await seed?.(ctx);
    for (const member of plans) if (members.includes(member.name)) await link(ctx, member, tokens[member.name] ?? "");
    if (isNew && members.length > 0) await setClusterEnabled(ctx, ctx.root, true);
    tokens[name] ??= (await createToken(ctx, ctx.root, { name: `cluster-${randomAlphanumeric(6)}` })).token;
  } finally {
    await ctx.close();
  }
}

async function link(ctx: ServerContext, member: Plan, token: string): Promise<void> {
  const form = newMemberSchema.parse({
    backend: "whm",
    host: `${member.address}:${member.port}`,
    username: "root",
    token,
    role: "sync",
    pin: acceptedPin(member.dataDir),
  });
  const known = await ctx.db.client.member.findFirst({ where: { hostname: member.address } });
  if (!known) await addMember(ctx, ctx.root, form);
  else if (known.port !== member.port) await updateMember(ctx, ctx.root, { ...form, id: known.id });
}

/** What an administrator would accept at first contact. */
function acceptedPin(dataDir: string): string {
  return publicKeyPin(new X509Certificate(readFileSync(certificateFiles(dataDir).cert)));
}

function assemble<S extends Structure>(
  plans: readonly Plan[],
  started: readonly ServerProcess[],
  tokens: Partial<Record<ServerName, string>>,
  password: string,
  stop: () => Promise<void>,
): Cluster<S> {
  const servers = plans.map(({ name, hostname, dns, dataDir }) => {
    const process = started.find((server) => server.dataDir === dataDir);
    if (!process) throw new Error(`${name} was not started.`);
    return { name, hostname, process, user: "root" as const, password, token: tokens[name] ?? "", dns };
  });
  const byName = Object.fromEntries(servers.map((server) => [server.name, server])) as Record<
    ClusterServerName<S>,
    ClusterServer
  >;
  const variablesOf = (name: ServerName) => plans.find((entry) => entry.name === name)?.variables ?? {};
  return { ...byName, servers, variables: variablesOf, stop };
}
