import https from "node:https";
import { type SmtpEmulator, startSmtpEmulator } from "@/e2e/emulators/smtp/smtp-emulator";
import { setClusterOptions } from "@/lib/cluster/settings";
import type { DnsAddress } from "@/lib/drivers/driver";
import { memberEditSchema } from "@/lib/members/schemas";
import { updateMember } from "@/lib/members/service";
import { openContext, type ServerContext } from "@/lib/server/testing/open-context";
import { type Cluster, type ClusterServer, startCluster } from "@/lib/server/testing/start-cluster";
import { writeSettings } from "@/lib/settings/settings";
import { type FaultyLink, startFaultyLink } from "./faulty-link";
import { type FaultyRelay, startFaultyRelay } from "./faulty-relay";
import { type Querier, startQuerier } from "./querier";
import type { SmallDisk } from "./small-disk";

/**
 * What faults are tried on: three real servers with real nameservers, web1 with its members ns1 and ns2; a network between web1 and ns1 that can fail and
 * lie; a mail server; and somebody who asks all nameservers for all zones the whole time.
 *
 *     web1 ── link (TCP) ── relay (HTTPS) ── ns1
 *        └──────────────────────────────────  ns2
 */
export interface Fleet {
  readonly cluster: Cluster;
  readonly link: FaultyLink;
  readonly relay: FaultyRelay;
  readonly smtp: SmtpEmulator;
  readonly querier: Querier;
  /** web1's services, beside it. */
  readonly web1: ServerContext;
  /** The others in web1's cluster table. */
  readonly memberIds: Readonly<Record<"ns1" | "ns2", number>>;
  /** Of servers whose data directory lies on a disk that can be filled up. */
  readonly disks: FleetOptions["disks"];
  /** Every zone of web1 with the labels that were acknowledged: each is a TXT record. */
  readonly acknowledged: ReadonlyMap<string, ReadonlySet<string>>;
  /** Adds a zone at web1. @returns whether it was acknowledged */
  addZone(name: string): Promise<boolean>;
  /** Takes a zone away at web1. @returns whether it was acknowledged */
  removeZone(name: string): Promise<boolean>;
  /** Counts a zone that came to web1 in another way among those that have to be everywhere. */
  accept(zone: string): void;
  /**
   * Adds a record to a zone and remembers it when it is acknowledged.
   * @param server default: web1
   * @returns its label; null: it was not
   */
  edit(zone: string, server?: ClusterServer): Promise<string | null>;
  /** Sends a zone to a server as a WHM that does not look would. @returns whether it was acknowledged */
  push(server: ClusterServer, zone: string, text: string): Promise<boolean>;
  /** What a function of WHM API 1 answers at a server; null: no whole answer came. */
  call(server: ClusterServer, name: string, fields: Readonly<Record<string, string>>): Promise<ApiAnswer | null>;
  stop(): Promise<void>;
}

export interface ApiAnswer {
  readonly isDone: boolean;
  readonly reason: string;
}

export interface FleetOptions {
  /** Holds the servers' data directories. */
  readonly folder: string;
  /** Further variables of a server. */
  readonly variables?: (name: string) => Readonly<Record<string, string>>;
  readonly disks: Partial<Record<"web1" | "ns2", SmallDisk>>;
}

/** Starts it; `prepareFleet` comes next. */
export async function startFleet({ folder, variables, disks }: FleetOptions): Promise<Fleet> {
  const cluster = await startCluster({
    folder,
    variables: (name, address) => ({ ZONEFLEET_LISTEN: address, ...variables?.(name) }),
  });
  const relay = await startFaultyRelay(() => cluster.ns1.process.url);
  const link = await startFaultyLink("127.0.0.2", () => ({ host: "127.0.0.1", port: relay.port }));
  const smtp = await startSmtpEmulator();
  const querier = startQuerier();
  const web1 = await openContext(cluster.variables("web1"));
  const acknowledged = new Map<string, Set<string>>();
  let labels = 0;

  const call: Fleet["call"] = async (server, name, fields) => {
    const query = new URLSearchParams({ "api.version": "1", ...fields });
    const answer = await request(server, `/json-api/${name}?${query}`);
    return answer && readAnswer(answer.text);
  };
  const push: Fleet["push"] = async (server, zone, text) => {
    const body = `cpdnszone-${zone}=${encodeURIComponent(text)}&dnsuniqid=${zone}-${++labels}`;
    const answer = await request(server, "/scripts2/synczones_local", body);
    return answer?.status === 200 && !answer.text.includes("refused");
  };
  const addZone = async (name: string) => {
    const answer = await call(cluster.web1, "adddns", { domain: name, ip: "192.0.2.1" });
    if (answer?.isDone) acknowledged.set(name, new Set());
    return answer?.isDone === true;
  };
  const removeZone = async (name: string) => {
    acknowledged.delete(name);
    return (await call(cluster.web1, "killdns", { domain: name }))?.isDone === true;
  };
  const edit: Fleet["edit"] = async (zone, server = cluster.web1) => {
    const label = `e${++labels}`;
    const fields = { domain: zone, name: label, type: "TXT", txtdata: label, ttl: "60" };
    const answer = await call(server, "addzonerecord", fields);
    if (!answer?.isDone) return null;
    acknowledged.get(zone)?.add(label);
    return label;
  };

  const idOf = async ({ dns }: ClusterServer) =>
    (await web1.db.client.member.findFirstOrThrow({ where: { hostname: dns.address } })).id;
  const memberIds = { ns1: await idOf(cluster.ns1), ns2: await idOf(cluster.ns2) };

  return {
    cluster,
    link,
    relay,
    smtp,
    querier,
    web1,
    memberIds,
    disks,
    acknowledged,
    addZone,
    removeZone,
    accept: (zone) => {
      if (!acknowledged.has(zone)) acknowledged.set(zone, new Set());
    },
    edit,
    push,
    call,
    async stop() {
      await querier.stop();
      await web1.close();
      await cluster.stop();
      await Promise.all([link.close(), relay.close(), smtp.close()]);
    },
  };
}

/** Leads web1 to ns1 by the network that can fail, gives it a mail server and zones. */
export async function prepareFleet(fleet: Fleet, zones: readonly string[]): Promise<void> {
  const { web1, cluster, link, relay, smtp, memberIds } = fleet;
  const form = { id: memberIds.ns1, backend: "whm", host: `127.0.0.2:${link.port}`, username: "root" };
  const edited = memberEditSchema.parse({ ...form, role: "sync", token: cluster.ns1.token, pin: relay.pin() });
  await updateMember(web1, web1.root, edited);
  await web1.db.client.user.update({ where: { id: web1.root.userId }, data: { email: "root@example.com" } });
  await web1.db.transaction(async (tx) => {
    await writeSettings(tx, "mail", { host: "127.0.0.1", port: smtp.port, security: "none" });
    await writeSettings(tx, "zones", { nameservers: ["ns1.example.net."] });
  });
  await setThreshold(web1, 0);
  for (const zone of zones) if (!(await fleet.addZone(zone))) throw new Error(`${zone} could not be added.`);
}

/** Global Cluster Options: after how many failures a member is disabled (0: never), and whether it is enabled by itself. */
export async function setThreshold(web1: ServerContext, failureThreshold: number, autoEnable = false): Promise<void> {
  await setClusterOptions(web1, web1.root, { failureThreshold, notifyOnDisable: true, autoEnable });
}

/** Where the servers' nameservers answer, apart from those of `left`. */
export function nameserversBut({ cluster }: Fleet, left: readonly string[]): DnsAddress[] {
  return cluster.servers.filter(({ name }) => !left.includes(name)).map(({ dns }) => dns);
}

/** null: no whole answer came. */
function request(
  { process: { url }, token }: ClusterServer,
  target: string,
  body?: string,
): Promise<{ readonly status: number; readonly text: string } | null> {
  return new Promise((resolve) => {
    const options = {
      method: body === undefined ? "GET" : "POST",
      // The certificate was made a moment ago by a server of this test.
      rejectUnauthorized: false,
      agent: false as const,
      headers: { authorization: `whm root:${token}`, "content-type": "application/octet-stream" },
    };
    const outgoing = https.request(`${url}${target}`, options, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part: string) => {
        text += part;
      });
      response.on("error", () => resolve(null));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
    });
    outgoing.on("error", () => resolve(null));
    outgoing.end(body);
  });
}

function readAnswer(text: string): ApiAnswer {
  const { metadata } = JSON.parse(text) as { metadata: { result: number; reason: string } };
  return { isDone: metadata.result === 1, reason: metadata.reason };
}
