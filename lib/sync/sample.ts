import { sameSoa } from "@/lib/dns/diff";
import { isSubdomain } from "@/lib/dns/name";
import type { RRset, Zone } from "@/lib/dns/zone";

/** RRsets below the apex in one sample. */
const BELOW_APEX = 8;

/**
 * RRsets of a zone to ask its nameserver for: all at the apex, and some of the others by chance. What a server does not answer for with authority is left out:
 * delegations, what lies below them or below a DNAME.
 * @param random 0 … 1
 */
export function sampleRRsets(zone: Zone, random: () => number): RRset[] {
  const cuts = zone.rrsets.flatMap(({ owner, type }) =>
    (type === "NS" && owner !== zone.apex) || type === "DNAME" ? { owner, type } : [],
  );
  const isAnswered = ({ owner }: RRset) =>
    !cuts.some((cut) => isSubdomain(owner, cut.owner) && (cut.type === "NS" || owner !== cut.owner));
  const apex = zone.rrsets.filter(({ owner }) => owner === zone.apex);
  const others = zone.rrsets.filter((rrset) => rrset.owner !== zone.apex && isAnswered(rrset));
  for (let at = 0; at < Math.min(BELOW_APEX, others.length); at++) {
    const chosen = at + Math.floor(random() * (others.length - at));
    const [here, there] = [others[at], others[chosen]];
    if (here && there) [others[at], others[chosen]] = [there, here];
  }
  return [...apex, ...others.slice(0, BELOW_APEX)];
}

/** What a nameserver answered to the question for one RRset. */
export interface Sampled {
  readonly ttl: number | null;
  readonly rdatas: readonly string[];
}

/** How an answer differs from the RRset that is wanted, in whatever order its records came; null: it does not. A SOA's serial is another look's. */
export function sampleDifference(wanted: RRset, answer: Sampled): string | null {
  const what = `${wanted.owner} ${wanted.type}`;
  if (answer.rdatas.length === 0) return `${what} is not there.`;
  const found = [...new Set(answer.rdatas)].sort();
  const isSame =
    wanted.type === "SOA"
      ? sameSoa(found[0] ?? "", wanted.rdatas[0] ?? "")
      : found.length === wanted.rdatas.length && found.every((rdata, at) => rdata === wanted.rdatas[at]);
  if (!isSame) return `${what} has other records.`;
  return answer.ttl === wanted.ttl ? null : `${what} has TTL ${answer.ttl} instead of ${wanted.ttl}.`;
}
