import { Resolver } from "node:dns/promises";
import { authorize } from "@/lib/access/authorize";
import { parseName } from "@/lib/dns/name";
import { wireName, zoneNameOf } from "@/lib/drivers/whm/protocol";
import { AppError } from "@/lib/errors";
import { existingZones } from "@/lib/zones/member-reads";
import { getZone } from "@/lib/zones/queries";
import { defaultNameservers } from "@/lib/zones/templates";
import type { ApiFunction } from "../api-function";
import type { Call } from "../call";

/** Who answers for what. */

const MAX_DOMAINS = 1_000;
const LOOKUP_TIMEOUT_MS = 2_000;

/** The nameservers that new zones of the caller get. */
const get_nameserver_config: ApiFunction = async ({ server, actor }) => {
  authorize(actor, "zone.read");
  return { data: { nameservers: (await defaultNameservers(server)).map(wireName) } };
};

/** WHM switches its server between two nameserver programs. Here it is one, which cannot be switched off from afar. */
const set_nameserver: ApiFunction = async ({ server, actor, form }) => {
  authorize(actor, "settings.manage");
  const wanted = form.required("nameserver");
  const { software } = server.nameserver();
  if (software.toLowerCase().startsWith(wanted.toLowerCase()))
    return { data: { nameserver: wanted.toLowerCase(), message: `This server runs ${software} already.` } };
  if (!/^(bind|powerdns|disabled)$/i.test(wanted))
    throw new AppError("invalid-input", "“nameserver” is one of BIND, PowerDNS and Disabled.");
  throw new AppError(
    "unavailable",
    `This server runs ${software}, and the nameserver is not changed by this function.`,
  );
};

/**
 * The addresses of a nameserver: as this server's own zones tell, so that one that was just added is found, otherwise as the system's resolvers do.
 * Empty where there is none.
 */
const lookupnsips: ApiFunction = async (call) => {
  authorize(call.actor, "zone.read");
  const host = parseName(`${call.form.required("host").replace(/\.$/, "")}.`);
  const found = (await ownAddresses(call, host)) ?? (await resolvedAddresses(host));
  return { data: { ipv4: found.ipv4 ?? "", ipv6: found.ipv6 ?? "" } };
};

interface Addresses {
  readonly ipv4?: string | undefined;
  readonly ipv6?: string | undefined;
}

async function ownAddresses(call: Call, host: string): Promise<Addresses | null> {
  const apex = await enclosingZone(call, host);
  if (apex === undefined) return null;
  const { zone } = await getZone(call.server, call.actor, apex);
  const of = (wanted: string) => zone.rrsets.find(({ owner, type }) => owner === host && type === wanted)?.rdatas[0];
  const [ipv4, ipv6] = [of("A"), of("AAAA")];
  return ipv4 === undefined && ipv6 === undefined ? null : { ipv4, ipv6 };
}

/** Asked directly and briefly: the system's own look-up blocks a thread for as long as its configuration lets it. */
async function resolvedAddresses(host: string): Promise<Addresses> {
  const resolver = new Resolver({ timeout: LOOKUP_TIMEOUT_MS, tries: 1 });
  const first = (answers: PromiseSettledResult<string[]>) =>
    answers.status === "fulfilled" ? answers.value[0] : undefined;
  const [v4, v6] = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
  return { ipv4: first(v4), ipv6: first(v6) };
}

/** Whether the zone that holds a domain is one of this server that the caller may see; somebody else's is as absent as none. */
const has_local_authority: ApiFunction = async (call) => {
  const domains = call.form.all("domain");
  if (domains.length === 0) throw new AppError("invalid-input", "The argument “domain” is missing.");
  if (domains.length > MAX_DOMAINS)
    throw new AppError("invalid-input", `At most ${MAX_DOMAINS} domains can be asked for in one call.`);
  const records: object[] = [];
  for (const domain of domains) records.push(await authority(call, domain));
  return { data: { records } };
};

async function authority(call: Call, domain: string): Promise<object> {
  const name = zoneNameOf(domain);
  if (name === undefined) return { domain, local_authority: 0, nameservers: [], error: "This is not a domain name." };
  const apex = await enclosingZone(call, name);
  if (apex === undefined) return { domain, local_authority: 0, nameservers: [] };
  const { zone } = await getZone(call.server, call.actor, apex);
  const apexNs = zone.rrsets.find(({ owner, type }) => owner === apex && type === "NS");
  return { domain, local_authority: 1, nameservers: (apexNs?.rdatas ?? []).map(wireName), zone: wireName(apex) };
}

/** The apex of the closest zone here that a name is in. */
async function enclosingZone({ server, actor }: Call, name: string): Promise<string | undefined> {
  const candidates: string[] = [];
  // Canonical names hold a dot only between labels, or behind a backslash: a candidate too many is no zone.
  for (let rest = name; rest.length > 1; rest = rest.slice(rest.indexOf(".") + 1)) candidates.push(rest);
  const found = await existingZones(server, actor, candidates);
  return candidates.find((candidate) => found.has(candidate));
}

export const nameserverFunctions = {
  get_nameserver_config,
  set_nameserver,
  lookupnsips,
  has_local_authority,
} satisfies Record<string, ApiFunction>;
