import { readFileSync } from "node:fs";
import https from "node:https";
import { issueSession, sessionCookie } from "@/lib/auth/session-token";
import { requestResync } from "@/lib/cluster/resync";
import type { DnsRole } from "@/lib/members/dns-role";
import { setMemberRoles } from "@/lib/members/service";
import type { ServerContext } from "@/lib/server/testing/open-context";
import type { Cluster, ClusterServer, ClusterServerName } from "@/lib/server/testing/start-cluster";
import type { ApiClient } from "./api-client";
import { whenServed } from "./served";
import { type BenchZone, benchZone } from "./zones";

/** What every measurement works with: linked servers, web1's services beside it, and a connection to it. */
export interface Bench {
  readonly cluster: Cluster;
  readonly web1: ServerContext;
  readonly api: ApiClient;
}

const LIMIT_MS = 300_000;
const SENT_AT_ONCE = 500;
const SINGLE_EDITS_MS = 50;
const now = () => performance.timeOrigin + performance.now();
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Puts zones into web1 through the member protocol and waits until web1 serves them. @returns milliseconds. */
export async function addZones({ cluster, api }: Bench, zones: readonly BenchZone[]): Promise<number> {
  const started = now();
  for (let at = 0; at < zones.length; at += SENT_AT_ONCE) await api.sendZones(zones.slice(at, at + SENT_AT_ONCE));
  return (await whenServed(cluster.web1.dns, zones, LIMIT_MS)) - started;
}

/**
 * Single edits through WHM API 1.
 * @param zone one that was not edited before
 * @returns for each of `servers` the milliseconds from the commit on web1 until its nameserver answers with it, one an edit.
 */
export async function edits(
  { web1, api }: Bench,
  tries: number,
  servers: readonly ClusterServer[],
  zone: BenchZone = benchZone(900_000),
): Promise<number[][]> {
  await api.sendZones([zone]);
  for (const { dns } of servers) await whenServed(dns, [zone], LIMIT_MS);
  const lines = (await api.call("parse_dns_zone", { zone: zone.name.slice(0, -1) })).payload as {
    line_index: number;
    dname_b64: string;
  }[];
  const www = lines.find((line) => Buffer.from(line.dname_b64, "base64").toString().startsWith("www."));
  const samples: { serial: number; servedAt: number[] }[] = [];
  for (let serial = zone.serial, version = 0; version < tries; version++) {
    const data = [`203.0.113.${1 + (version % 254)}`];
    const edit = JSON.stringify({
      line_index: www?.line_index,
      dname: `www.${zone.name}`,
      ttl: 14_400,
      record_type: "A",
      data,
    });
    const answer = await api.call("mass_edit_dns_zone", { zone: zone.name.slice(0, -1), serial: String(serial), edit });
    serial = Number(answer.new_serial);
    const wanted = [{ name: zone.name, serial }];
    const servedAt = await Promise.all(servers.map(({ dns }) => whenServed(dns, wanted, LIMIT_MS)));
    samples.push({ serial, servedAt });
    // Single edits are what is measured here, not a stream of them: what the last one left to do is over.
    await pause(SINGLE_EDITS_MS);
  }
  const commits = await commitTimes(web1, zone.name);
  const since = (at: number, serial: number) => Math.max(0, at - (commits.get(serial) ?? at));
  return servers.map((_, index) => samples.map(({ serial, servedAt }) => since(servedAt[index] ?? Number.NaN, serial)));
}

async function commitTimes({ db }: ServerContext, name: string): Promise<Map<number, number>> {
  const zone = await db.client.zone.findUniqueOrThrow({ where: { name } });
  const rows = await db.client.revision.findMany({
    where: { zoneId: zone.id },
    select: { serial: true, createdAt: true },
  });
  return new Map(rows.map((row) => [Number(row.serial), Number(row.createdAt)]));
}

/** Makes a member a target, or none any more. The edit is what wakes the engine: this is another process. */
export async function setRole(bench: Bench, server: ClusterServer, role: DnsRole): Promise<void> {
  const hostname = server.dns.address;
  const member = await bench.web1.db.client.member.findFirstOrThrow({ where: { hostname } });
  await setMemberRoles(bench.web1, bench.web1.root, { ids: [member.id], role });
  await wake(bench);
}

let wakes = 0;
async function wake({ api }: Bench): Promise<void> {
  await api.sendZones([benchZone(950_000, ++wakes)]);
}

/** A member that holds none of the zones gets them all. @returns milliseconds until the last one is answered there. */
export async function firstSync(bench: Bench, server: ClusterServerName, zones: readonly BenchZone[]): Promise<number> {
  const started = now();
  await setRole(bench, bench.cluster[server], "sync");
  return (await whenServed(bench.cluster[server].dns, zones, LIMIT_MS)) - started;
}

/** "Synchronize again" with nothing to send. @returns milliseconds until everything is acknowledged again. */
export async function resync(bench: Bench, server: ClusterServerName): Promise<number> {
  const { client } = bench.web1.db;
  const member = await client.member.findFirstOrThrow({ where: { hostname: bench.cluster[server].dns.address } });
  await untilIdle(bench, member.id);
  const started = now();
  await requestResync(bench.web1, bench.web1.root, { memberId: member.id });
  await wake(bench);
  await untilIdle(bench, member.id);
  return now() - started;
}

async function untilIdle({ web1 }: Bench, memberId: number): Promise<void> {
  for (;;) {
    const target = await web1.db.client.target.findFirstOrThrow({ where: { memberId } });
    const { value } = await web1.db.client.changeSequence.findFirstOrThrow();
    if (!target.needsCompare && target.seenSeq >= value && target.backlogSeq <= target.floorSeq) return;
    await pause(5);
  }
}

/** Waits until every zone can be searched for. */
export async function untilIndexed({ web1 }: Bench): Promise<void> {
  const { client } = web1.db;
  for (;;) {
    const row = await client.setting.findUnique({ where: { key: "searchIndex" } });
    const { value } = await client.changeSequence.findFirstOrThrow();
    if (row && (JSON.parse(row.value) as { seq: number }).seq >= Number(value)) return;
    await pause(100);
  }
}

/** Many zones changed in one go. @returns milliseconds until web1 and ns1 answer with all of them. */
export async function changeAtOnce({ cluster, api }: Bench, zones: readonly BenchZone[]): Promise<number> {
  const started = now();
  for (let at = 0; at < zones.length; at += SENT_AT_ONCE) await api.sendZones(zones.slice(at, at + SENT_AT_ONCE));
  const served = await Promise.all([cluster.web1, cluster.ns1].map(({ dns }) => whenServed(dns, zones, LIMIT_MS)));
  return Math.max(...served) - started;
}

/** Times of the first octet of pages, signed in as root, milliseconds. */
export async function pageTimes({ cluster, web1 }: Bench, path: string, tries: number): Promise<number[]> {
  // The certificate was made a moment ago by a server of this run.
  const agent = new https.Agent({ keepAlive: true, maxSockets: 1, rejectUnauthorized: false });
  const cookie = `${sessionCookie(web1).name}=${await issueSession(web1, { userId: web1.root.userId, epoch: 1 })}`;
  const samples: number[] = [];
  for (let done = 0; done <= tries; done++) {
    const sample = await firstOctet(`${cluster.web1.process.url}${path}`, { agent, headers: { cookie } });
    // The first request loads the page's code.
    if (done > 0) samples.push(sample);
  }
  agent.destroy();
  return samples;
}

function firstOctet(url: string, options: https.RequestOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    let first = 0;
    const request = https.get(url, options, (response) => {
      if (response.statusCode !== 200) reject(new Error(`${url} answered ${response.statusCode}`));
      response.on("data", () => {
        first ||= performance.now() - started;
      });
      response.on("end", () => resolve(first));
    });
    request.on("error", reject);
  });
}

/** Resident memory of a server and of its nameserver, MiB. */
export function memory({ cluster }: Bench, server: ClusterServerName): { panel: number; nameserver: number } {
  const pid = cluster[server].process.pid;
  const [child = ""] = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ");
  return { panel: residentMiB(pid), nameserver: child === "" ? 0 : residentMiB(Number(child)) };
}

function residentMiB(pid: number): number {
  const kib = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return Math.round(Number(kib) / 1_024);
}
