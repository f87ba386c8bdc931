import { Link } from "@/components/ui/link";
import { RelativeTime } from "@/components/ui/relative-time";
import { Status } from "@/components/ui/status";
import { Cell, HeadCell, Row, RowHeader, Table, TableBody, TableHead } from "@/components/ui/table";
import { isSending, type MapLink, type MapServer } from "@/lib/cluster/map/cluster-map";
import type { MapPage } from "@/lib/cluster/map/get-map";
import { dnsRole } from "@/lib/members/dns-role";
import { TRUST_LABELS } from "@/lib/trust/trust-state";
import { TrustStatus } from "../trust-words";
import { KIND_WORDS, serverState } from "./server-state";

/** The facts of the picture as a table: every server with its kind, its distance, its links, and who said so. */
export function MapTable({ map, servers, now }: { map: MapPage; servers: readonly MapServer[]; now: number }) {
  const names = new Map(map.servers.map(({ key, name }) => [key, name]));
  const linksOf = (key: string, wanted: (link: MapLink) => boolean) =>
    map.links
      .filter((link) => link.from === key && wanted(link))
      .map((link) => ({ link, name: names.get(link.to) ?? link.to }));
  return (
    <Table label="Servers of the cluster and their links">
      <TableHead>
        <tr>
          <HeadCell>Server</HeadCell>
          <HeadCell>Kind</HeadCell>
          <HeadCell numeric>Hops</HeadCell>
          <HeadCell>Sends zones to</HeadCell>
          <HeadCell>Only takes zones from</HeadCell>
          <HeadCell>Says so</HeadCell>
        </tr>
      </TableHead>
      <TableBody>
        {servers.map((server) => (
          <Row key={server.key}>
            <RowHeader className="align-top">
              <ServerName server={server} map={map} />
            </RowHeader>
            <Cell className="whitespace-nowrap align-top">{KIND_WORDS[server.kind]}</Cell>
            <Cell numeric className="whitespace-nowrap align-top">
              {server.hops ?? "not sent to"}
            </Cell>
            <Cell className="min-w-44 align-top">
              <Links entries={linksOf(server.key, isSending)} hasRole />
            </Cell>
            <Cell className="min-w-32 align-top">
              <Links entries={linksOf(server.key, (link) => !isSending(link))} />
            </Cell>
            <Cell className="align-top">
              <State server={server} map={map} now={now} />
            </Cell>
          </Row>
        ))}
      </TableBody>
    </Table>
  );
}

function ServerName({ server, map }: { server: MapServer; map: MapPage }) {
  const member = map.members[server.key];
  if (!member) return server.name;
  return (
    <Link href={`/cluster/${member.memberId}`} className="link">
      {server.name}
    </Link>
  );
}

function Links({
  entries,
  hasRole = false,
}: {
  entries: readonly { link: MapLink; name: string }[];
  hasRole?: boolean;
}) {
  if (entries.length === 0) return <span className="text-muted">–</span>;
  return (
    <ul>
      {entries.map(({ link, name }) => (
        <li key={link.to}>
          {name}{" "}
          {hasRole && (
            <span className="text-muted">
              {link.role === null ? "role not told" : dnsRole(link.role).label}
              {link.acceptedMs !== null && `, ${Math.round(link.acceptedMs)} ms`}
            </span>
          )}
          <LinkTrust trust={link.trust} />
        </li>
      ))}
    </ul>
  );
}

/** The trust of the two as `from` finds it. What is not told, not known or not required is left out. */
function LinkTrust({ trust }: { trust: MapLink["trust"] }) {
  if (trust !== "whole" && trust !== "one-way" && trust !== "broken") return null;
  return (
    <p className="text-xs">
      <TrustStatus trust={{ state: trust, label: TRUST_LABELS[trust] }} />
    </p>
  );
}

function State({ server, map, now }: { server: MapServer; map: MapPage; now: number }) {
  const { kind, words, reason, at } = serverState(server, { self: map.self, member: map.members[server.key], now });
  return (
    <>
      <Status kind={kind}>
        {words} {at !== undefined && <RelativeTime at={at} />}
      </Status>
      {reason && <p className="max-w-prose text-muted">{reason}</p>}
    </>
  );
}
