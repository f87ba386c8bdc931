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
 * Three real servers on loopback, linked directly:
 *
 *     web1 (web server) ──► ns1 (DNS-only)
 *                      └──► ns2 (DNS-only)
 *
 * Each has its own data directory, HTTPS port and nameserver, on an address of its own: a member that names another one's address would be told apart.
 */
export const CLUSTER_SERVERS = [
  { name: "web1", hostname: "web1.example.net", kind: "web-server", address: "127.0.0.1" },
  { name: "ns1", hostname: "ns1.example.net", kind: "dns-only", address: "127.0.0.2" },
  { name: "ns2", hostname: "ns2.example.net", kind: "dns-only", address: "127.0.0.3" },
] as const;

export type ClusterServerName = (typeof CLUSTER_SERVERS)[number]["name"];

export interface ClusterServer {
  readonly name: ClusterServerName;
  readonly hostname: string;
  readonly process: ServerProcess;
  readonly user: "root";
  readonly password: string;
  /** Carries every privilege of root. */
  readonly token: string;
  readonly dns: DnsAddress;
}

export type Cluster = Readonly<Record<ClusterServerName, ClusterServer>> & {
  readonly servers: readonly ClusterServer[];
  /** The variables that a server was started with, for `openContext`. */
  variables(name: ClusterServerName): Readonly<Record<string, string>>;
  stop(): Promise<void>;
};

/** What differs from start to start is kept by the caller: the demo keeps it, tests need not. */
export interface ClusterOptions {
  /** Holds one data directory a server. */
  readonly folder: string;
  readonly password?: string;
  /** Ports to prefer, in the order of CLUSTER_SERVERS. */
  readonly httpPorts?: readonly number[];
  readonly dnsPorts?: readonly number[];
  /** Tokens of an earlier start; missing ones are made. */
  readonly tokens?: Partial<Record<ClusterServerName, string>>;
  /** Fills web1 before it serves, once, when it is new. */
  readonly seed?: (ctx: ServerContext) => Promise<void>;
  readonly isDetached?: boolean;
  /** Gives up starting, and stops what was started. */
  readonly signal?: AbortSignal;
}

interface Plan {
  readonly name: ClusterServerName;
  readonly hostname: string;
  readonly address: string;
  readonly port: number;
  readonly dns: DnsAddress;
  readonly dataDir: string;
  readonly variables: Readonly<Record<string, string>>;
}

/** Starts the three servers and links them. Stops what it started when one of them fails. @throws Error as `startServer`. */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const password = options.password ?? randomAlphanumeric(16);
  mkdirSync(options.folder, { recursive: true, mode: 0o700 });
  const plans = await Promise.all(CLUSTER_SERVERS.map((_, index) => plan(options, password, index)));
  const started: ServerProcess[] = [];
  const stop = async () => void (await Promise.all(started.map((server) => server.stop())));
  const start = async ({ dataDir, address, port, variables }: Plan) => {
    const { isDetached, signal } = options;
    const process = await startServer({ dataDir, address, port, env: variables, isDetached, signal });
    started.push(process);
    return process;
  };
  try {
    const [web1, ...members] = plans as [Plan, ...Plan[]];
    const results = await Promise.allSettled(members.map(start));
    for (const result of results) if (result.status === "rejected") throw result.reason;
    const tokens: Record<string, string> = { ...options.tokens };
    for (const member of members) tokens[member.name] ??= await makeToken(member);
    await prepareWebServer(web1, members, tokens, options.seed);
    tokens[web1.name] ??= await makeToken(web1);
    await start(web1);
    return assemble(plans, started, tokens, password, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function plan(options: ClusterOptions, password: string, index: number): Promise<Plan> {
  const server = CLUSTER_SERVERS[index];
  if (!server) throw new RangeError(`There is no server ${index}.`);
  const { name, hostname, kind, address } = server;
  const dataDir = path.join(options.folder, name);
  const dns = { address, port: await freePort(address, options.dnsPorts?.[index]) };
  const variables = {
    ZONEFLEET_DATA_DIR: dataDir,
    ZONEFLEET_HOSTNAME: hostname,
    ZONEFLEET_ADDRESSES: address,
    ZONEFLEET_KIND: kind,
    ZONEFLEET_ROOT_PASSWORD: password,
    ZONEFLEET_DNS_LISTEN: `${dns.address}@${dns.port}`,
    ZONEFLEET_ALLOWED_MEMBER_NETWORKS: "127.0.0.0/8",
  };
  return {
    name,
    hostname,
    address,
    port: await freePort(address, options.httpPorts?.[index]),
    dns,
    dataDir,
    variables,
  };
}

async function makeToken({ variables }: Plan): Promise<string> {
  const ctx = await openContext(variables);
  try {
    return (await createToken(ctx, ctx.root, { name: `cluster-${randomAlphanumeric(6)}` })).token;
  } finally {
    await ctx.close();
  }
}

/** Fills a new web1 and links it to the members, through the services behind its pages. A member that moved to another port since is changed. */
async function prepareWebServer(
  web1: Plan,
  members: readonly Plan[],
  tokens: Record<string, string>,
  seed?: ClusterOptions["seed"],
): Promise<void> {
  const isNew = !existsSync(path.join(web1.dataDir, "zonefleet.db"));
  const ctx = await openContext(web1.variables);
  try {
    if (isNew) await seed?.(ctx);
    for (const member of members) await link(ctx, member, tokens[member.name] ?? "");
    if (isNew) await setClusterEnabled(ctx, ctx.root, true);
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

function assemble(
  plans: readonly Plan[],
  started: readonly ServerProcess[],
  tokens: Record<string, string>,
  password: string,
  stop: () => Promise<void>,
): Cluster {
  const servers = plans.map(({ name, hostname, dns, dataDir }) => {
    const process = started.find((server) => server.dataDir === dataDir);
    if (!process) throw new Error(`${name} was not started.`);
    return { name, hostname, process, user: "root" as const, password, token: tokens[name] ?? "", dns };
  });
  const byName = Object.fromEntries(servers.map((server) => [server.name, server])) as Record<
    ClusterServerName,
    ClusterServer
  >;
  const variablesOf = (name: ClusterServerName) => plans.find((entry) => entry.name === name)?.variables ?? {};
  return { ...byName, servers, variables: variablesOf, stop };
}
