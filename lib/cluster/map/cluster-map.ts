import type { PathMember, ServerPaths } from "@/lib/drivers/server-paths";
import { panelUrl } from "./panel-url";

/** A server of the cluster, whoever knows of it. */
export interface MapServer {
  /** Tells servers apart: the identity of a Zonefleet server, otherwise the hostname. */
  readonly key: string;
  readonly name: string;
  readonly kind: ServerPaths["kind"];
  /** How long ago it said what its members are, milliseconds; null: it never did, others name it. */
  readonly ageMs: number | null;
  /** Sending links on the shortest way from this server; 0: this server; null: nothing from here gets there. */
  readonly hops: number | null;
  /** Sending links on the shortest way from there to this server; null: nothing from there gets here. */
  readonly hopsBack: number | null;
  /** Its DNS Cluster page, when it is a Zonefleet server, as those that have it as a member call it; null: not known. */
  readonly panel: string | null;
}

/** An entry in the cluster table of `from`. */
export interface MapLink {
  readonly from: string;
  readonly to: string;
  /** null: `from` does not say what it does towards `to`. */
  readonly role: PathMember["role"];
  /** null: `from` does not say how its trust with `to` is. */
  readonly trust: PathMember["trust"];
  readonly acceptedMs: number | null;
}

export interface ClusterMap {
  readonly self: string;
  /** By hops, then by name; what is not reached comes last. */
  readonly servers: readonly MapServer[];
  readonly links: readonly MapLink[];
}

/** Whether zones go from `from` to `to`. A WHM does not say its roles: most of its members are sent to. */
export function isSending({ role }: Pick<MapLink, "role">): boolean {
  return role !== "standalone";
}

/**
 * Puts together what servers say of their links.
 * @param paths this server's own statement first. Of two statements of one server the younger one counts.
 * @param names other names of a server, such as the address a member was entered by: name → identity
 */
export function buildMap(paths: readonly ServerPaths[], names: ReadonlyMap<string, string> = new Map()): ClusterMap {
  const identities = new Map(names);
  for (const { hostname, serverId, members } of paths)
    for (const named of [{ hostname, serverId }, ...members])
      if (named.serverId !== null && named.hostname !== "")
        identities.set(named.hostname.toLowerCase(), named.serverId);
  const keyOf = ({ hostname, serverId }: { hostname: string; serverId: string | null }) =>
    serverId ?? identities.get(hostname.toLowerCase()) ?? `host:${hostname.toLowerCase()}`;

  const said = new Map<string, ServerPaths>();
  for (const statement of paths) {
    const known = said.get(keyOf(statement));
    if (!known || statement.ageMs < known.ageMs) said.set(keyOf(statement), statement);
  }
  const labels = new Map<string, string>();
  const panels = new Map<string, string>();
  const links = new Map<string, MapLink>();
  for (const [from, { hostname, members }] of said) {
    labels.set(from, hostname);
    for (const member of members) {
      const to = keyOf(member);
      if (!labels.has(to)) labels.set(to, member.hostname);
      const panel = member.serverId === null ? null : panelUrl(member);
      if (panel !== null && !panels.has(to)) panels.set(to, panel);
      // A server that names itself is a mistake of its own, and one that was entered twice is one server.
      const known = links.get(`${from} ${to}`);
      if (to !== from && !(known && isSending(known)))
        links.set(`${from} ${to}`, {
          from,
          to,
          role: member.role,
          trust: member.trust,
          acceptedMs: member.acceptedMs,
        });
    }
  }
  const [first] = paths;
  const self = first ? keyOf(first) : "";
  const list = [...links.values()];
  const ways = waysFrom(self, list);
  const waysBack = waysFrom(
    self,
    list.map((link) => ({ ...link, from: link.to, to: link.from })),
  );
  const hopsOf = (way: readonly string[] | undefined) => (way ? way.length - 1 : null);
  const servers = [...labels].map(([key, name]) => ({
    key,
    name,
    kind: said.get(key)?.kind ?? ("unknown" as const),
    ageMs: said.get(key)?.ageMs ?? null,
    hops: hopsOf(ways.get(key)),
    hopsBack: hopsOf(waysBack.get(key)),
    panel: panels.get(key) ?? null,
  }));
  const rank = (server: MapServer) => server.hops ?? Number.POSITIVE_INFINITY;
  servers.sort((a, b) => (rank(a) === rank(b) ? byName(a, b) : rank(a) - rank(b)));
  return { self, servers, links: list };
}

/** The shortest way of zones from `start` to every server that they get to, as keys from `start` on. */
export function waysFrom(start: string, links: readonly MapLink[]): Map<string, readonly string[]> {
  const next = new Map<string, string[]>();
  for (const link of links.filter(isSending)) {
    const known = next.get(link.from);
    if (known) known.push(link.to);
    else next.set(link.from, [link.to]);
  }
  const ways = new Map<string, readonly string[]>([[start, [start]]]);
  // A map is walked in the order of its keys, those included that are added on the way.
  for (const [key, way] of ways) for (const to of next.get(key) ?? []) if (!ways.has(to)) ways.set(to, [...way, to]);
  return ways;
}

/** ns2 before ns10. */
export function byName(a: Pick<MapServer, "name">, b: Pick<MapServer, "name">): number {
  return a.name.localeCompare(b.name, "en", { numeric: true });
}
