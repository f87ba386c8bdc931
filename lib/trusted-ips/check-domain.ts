import { Resolver } from "node:dns/promises";
import { z } from "zod";
import type { Actor } from "@/lib/access/actor";
import { authorize } from "@/lib/access/authorize";
import type { Context } from "@/lib/context";
import { parseCanonicalZone } from "@/lib/dns/zone-file";
import { addressSet } from "@/lib/net/address-set";
import { readSettings } from "@/lib/settings/settings";
import { getZone } from "@/lib/zones/queries";
import { automaticIps, membersFor } from "./trusted-addresses";

/** Numeric addresses of a hostname (without the final dot); none when it has none or nobody can be asked. */
export type ResolveHost = (hostname: string) => Promise<readonly string[]>;

const RESOLVE_MS = 1_500;
const dnsAddresses = z.array(z.object({ address: z.string() }));

/**
 * Looks at a domain that was just added as WHM does when an addon or parked domain is: its nameservers should be this server, its members or trusted IPs.
 * A nameserver whose address cannot be found out is not judged.
 *
 * Whoever adds domains with one address after the other learns which of them are known here. So a reseller's are held against this server, the reseller's
 * members and root's, which serve them, and not against root's list: it also has the addresses of other accounts' servers, let in when they were refused.
 * The nameservers that root gives new zones count by their names instead, since they may be on that list only.
 * @param name apex: absolute, lower case, final dot
 * @returns a sentence for everything that is doubtful
 * @throws AppError "not-found"
 */
export async function checkDomain(
  ctx: Context,
  actor: Actor,
  name: string,
  resolve: ResolveHost = systemAddresses,
): Promise<string[]> {
  const zone = parseCanonicalZone((await getZone(ctx, actor, name)).text, name);
  const userId = authorize(actor, "zone.read").ownerId ?? undefined;
  const trusted = addressSet(await trustedForDomains(ctx, userId));
  const ofRoot = userId === undefined ? [] : (await readSettings(ctx.db.client, "zones")).nameservers;
  const at = (owner: string, types: readonly string[]) =>
    zone.rrsets.filter((rrset) => rrset.owner === owner && types.includes(rrset.type)).flatMap(({ rdatas }) => rdatas);
  const shown = (text: string) => text.replace(/\.$/, "");
  const nameservers = await Promise.all(
    at(name, ["NS"])
      .filter((host) => !ofRoot.includes(host))
      .map(async (host) => {
        const glue = at(host, ["A", "AAAA"]);
        return { host: shown(host), addresses: glue.length > 0 ? glue : await resolve(shown(host)) };
      }),
  );
  const advice =
    userId === undefined
      ? "If it belongs to you, root can add the address under Configure Remote Service IPs"
      : "That is right if it gets the zone from elsewhere";
  const foreign = nameservers.flatMap(({ host, addresses }) => {
    const outside = addresses.filter((address) => !trusted.has(address));
    if (outside.length === 0) return [];
    return [
      `Its nameserver ${host} has the address ${outside.join(", ")}, which is neither this server nor one of its trusted IPs. ${advice}; otherwise what is changed here is not what the world sees.`,
    ];
  });
  const elsewhere = at(name, ["A", "AAAA"]).filter((address) => !trusted.has(address));
  if (elsewhere.length === 0) return foreign;
  return [
    ...foreign,
    `${shown(name)} points to ${elsewhere.join(", ")}, which is neither this server nor one of its trusted IPs. That is right if its web site is elsewhere.`,
  ];
}

/**
 * Trusted callers, and where the members' nameservers answer.
 * @param userId what may be told to this reseller; left out: all
 */
async function trustedForDomains(ctx: Context, userId: number | undefined): Promise<string[]> {
  const [automatic, { manual }, members] = await Promise.all([
    automaticIps(ctx, userId),
    readSettings(ctx.db.client, "trustedIps"),
    ctx.db.client.member.findMany({ where: await membersFor(ctx, userId), select: { dnsAddresses: true } }),
  ]);
  const served = members.flatMap((member) => dnsAddresses.parse(JSON.parse(member.dnsAddresses)));
  return [...automatic, ...served].map(({ address }) => address).concat(userId === undefined ? manual : []);
}

/** How long an answer counts: the zones of an import have the same few nameservers. */
const FRESH_MS = 60_000;
const MOST_KNOWN = 1_000;
const known = new Map<string, { readonly at: number; readonly addresses: Promise<string[]> }>();

function systemAddresses(hostname: string): Promise<string[]> {
  const now = performance.now();
  for (const [oldest, { at }] of known) {
    if (now - at < FRESH_MS && known.size < MOST_KNOWN) break;
    known.delete(oldest);
  }
  const addresses = known.get(hostname)?.addresses ?? askResolvers(hostname);
  if (!known.has(hostname)) known.set(hostname, { at: now, addresses });
  return addresses;
}

/** By the system's resolvers, without its hosts file: what the world is told is asked. */
async function askResolvers(hostname: string): Promise<string[]> {
  const resolver = new Resolver({ timeout: RESOLVE_MS, tries: 1 });
  const found = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)]);
  return found.flatMap((result) => (result.status === "fulfilled" ? result.value : []));
}
