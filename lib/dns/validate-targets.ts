import { isSubdomain } from "./name";
import type { Report } from "./validate";
import type { Node } from "./validate-node";
import type { RRset, Zone } from "./zone";

/** Types whose target must be a host with addresses, and where its name stands in the rdata. */
const TARGET_FIELD: Readonly<Record<string, number>> = { NS: 0, MX: 1, SRV: 3 };

/** Warns of nameservers, mail servers and services whose names are wrong as far as this zone can tell. */
export function checkTargets(zone: Zone, nodes: ReadonlyMap<string, Node>, report: Report): void {
  for (const rrset of zone.rrsets) {
    const field = TARGET_FIELD[rrset.type];
    if (field === undefined) continue;
    for (const rdata of rrset.rdatas) {
      const target = field === 0 ? rdata : (rdata.split(" ")[field] ?? "");
      if (target !== ".") checkTarget(zone.apex, rrset, rdata, target, nodes, report);
    }
  }
}

function checkTarget(
  apex: string,
  { owner, type }: RRset,
  rdata: string,
  target: string,
  nodes: ReadonlyMap<string, Node>,
  report: Report,
): void {
  const warn = (code: string, message: string): void => report("warning", code, message, owner, type, rdata);
  if (/^\d{1,3}(\.\d{1,3}){3}\./.test(target)) {
    const message = `${type} needs a host name, not the address ${target} Name the host and give that name an A record.`;
    warn("target-is-address", message);
  } else if (target.endsWith(`.${apex}${apex}`)) {
    warn("final-dot", `${target} has the zone's name twice. Is the final dot missing?`);
  } else if (isSubdomain(target, apex)) {
    checkLocalTarget(apex, owner, type, target, nodes, warn);
  }
}

/** A target inside the zone: whether the zone itself has what resolvers will look for. */
function checkLocalTarget(
  apex: string,
  owner: string,
  type: string,
  target: string,
  nodes: ReadonlyMap<string, Node>,
  warn: (code: string, message: string) => void,
): void {
  const types = nodes.get(target)?.types;
  if (types?.has("CNAME")) {
    const message = `${type} of ${owner} points to ${target} which is an alias (CNAME; RFC 2181 §10.3). Point it to the alias's target.`;
    warn("target-is-alias", message);
    return;
  }
  if (types?.has("A") || types?.has("AAAA") || hasWildcard(target, apex, nodes)) return;
  const delegation = delegationOf(target, apex, nodes);
  if (type === "NS" && (delegation === undefined || isSubdomain(target, owner))) {
    const message = `The nameserver ${target} has no A or AAAA record in this zone. Add one; BIND refuses a zone whose own nameserver has none.`;
    warn("glue-missing", message);
  } else if (delegation === undefined) {
    const message = `${type} of ${owner} points to ${target} which has no A or AAAA record. Add one, or correct the name.`;
    warn("target-without-address", message);
  }
}

/** The names from the parent of `name` up to, not including, the apex. */
function* ancestors(name: string, apex: string): Generator<string> {
  for (let at = nextLabel(name, 0); at > 0 && name.length - at > apex.length; at = nextLabel(name, at))
    yield name.slice(at);
}

function nextLabel(name: string, from: number): number {
  let dot = name.indexOf(".", from);
  while (dot > 0 && name.charCodeAt(dot - 1) === 0x5c) dot = name.indexOf(".", dot + 1);
  return dot + 1;
}

/** Whether a wildcard answers for the name: the one below the closest name that exists (RFC 4592 §3.3), taken loosely. */
function hasWildcard(target: string, apex: string, nodes: ReadonlyMap<string, Node>): boolean {
  if (nodes.has(target)) return false;
  for (const name of [...ancestors(target, apex), apex]) {
    const types = nodes.get(name === "." ? "*." : `*.${name}`)?.types;
    if (types?.has("A") || types?.has("AAAA") || types?.has("CNAME")) return true;
  }
  return false;
}

/** The delegation that the name is at or below. */
function delegationOf(target: string, apex: string, nodes: ReadonlyMap<string, Node>): string | undefined {
  for (const name of [target, ...ancestors(target, apex)]) {
    if (name !== apex && nodes.get(name)?.types.has("NS")) return name;
  }
  return undefined;
}
