import type { ReactNode } from "react";
import { MemberState } from "@/components/cluster/member-state";
import { NAMESERVER_STATUS } from "@/components/shell/nameserver-words";
import { Link } from "@/components/ui/link";
import { Progress } from "@/components/ui/progress";
import { RelativeTime } from "@/components/ui/relative-time";
import { Status } from "@/components/ui/status";
import { Cell, HeadCell, Row, RowHeader, Table, TableBody, TableHead } from "@/components/ui/table";
import { latencyWords } from "@/components/zones/receipt-words";
import type { NameserverStatus } from "@/lib/nameserver/status";
import type { FleetRow } from "@/lib/proof/queries-fleet";
import { AddressList } from "./address-list";
import { problemAddress } from "./problem-address";
import { WIDE_CELL, WIDE_ROW } from "./row-card";

const figure = new Intl.NumberFormat("en");

interface FleetTableProps {
  rows: readonly FleetRow[];
  /** Of this server; null: not the asker's to see. */
  local: NameserverStatus["state"] | null;
}

/** Every nameserver: how it is, what it serves, what differs there, and how fast changes reach it. */
export function FleetTable({ rows, local }: FleetTableProps) {
  return (
    <Table role="table" label="Nameservers with what they serve" className="max-lg:block">
      <TableHead role="rowgroup" className="max-lg:sr-only">
        <tr>
          <HeadCell>Nameserver</HeadCell>
          <HeadCell>DNS answers</HeadCell>
          <HeadCell>Served</HeadCell>
          <HeadCell>Differs</HeadCell>
          <HeadCell>Looked at</HeadCell>
          <HeadCell numeric>p50 · p95 · p99</HeadCell>
        </tr>
      </TableHead>
      <TableBody role="rowgroup" className="max-lg:block">
        {rows.map((row) => (
          <FleetRowView key={row.targetId} row={row} local={local} />
        ))}
      </TableBody>
    </Table>
  );
}

function FleetRowView({ row, local }: { row: FleetRow; local: FleetTableProps["local"] }) {
  const { addresses, sweptAt, comparedAt } = row;
  return (
    <Row role="row" className={WIDE_ROW}>
      <RowHeader role="rowheader" className={`${WIDE_CELL} min-w-40 [overflow-wrap:anywhere] max-lg:basis-full`}>
        {row.memberId === null ? (
          <bdi>{row.label}</bdi>
        ) : (
          <Link href={`/cluster/${row.memberId}`} className="link">
            {row.label}
          </Link>
        )}
        <span className="block font-normal">
          {row.status && <MemberState status={row.status} />}
          {row.isLocal && local !== null && (
            <Status kind={NAMESERVER_STATUS[local].kind}>{NAMESERVER_STATUS[local].words}</Status>
          )}
        </span>
      </RowHeader>
      <Cell role="cell" className={`${WIDE_CELL} min-w-48 max-lg:basis-full`}>
        {addresses.length > 0 ? <AddressList addresses={addresses} /> : <Unasked row={row} />}
      </Cell>
      <Cell role="cell" className={`${WIDE_CELL} min-w-36 max-lg:basis-full`}>
        <Served row={row} />
      </Cell>
      <Cell role="cell" className={`${WIDE_CELL} min-w-36 max-lg:basis-full`}>
        <Differs row={row} />
      </Cell>
      <Cell role="cell" className={`${WIDE_CELL} whitespace-nowrap text-muted text-xs max-lg:basis-full`}>
        {sweptAt !== null && (
          <Looked label="Serials">
            <RelativeTime at={sweptAt} />
          </Looked>
        )}
        {comparedAt !== null && (
          <Looked label="Content">
            <RelativeTime at={comparedAt} />
          </Looked>
        )}
        {sweptAt === null && comparedAt === null && !row.isForeign && "No whole round yet"}
      </Cell>
      <Cell role="cell" numeric className={`${WIDE_CELL} whitespace-nowrap font-mono text-xs max-lg:pb-2`}>
        <span className="sr-only">Served within: </span>
        <span aria-hidden="true" className="mr-2 font-sans text-muted lg:hidden">
          p50 · p95 · p99
        </span>
        {waits(row)}
      </Cell>
    </Row>
  );
}

/** Why there is no address to look at. */
function Unasked({ row }: { row: FleetRow }) {
  if (row.isForeign) return <span className="text-muted text-xs">Managed by root</span>;
  return (
    <span className="text-muted text-xs">{row.isLocal ? "Not asked yet" : "It does not say where it answers"}</span>
  );
}

function Served({ row: { zones, inSync, isVerifiable, label } }: { row: FleetRow }) {
  if (zones === 0) return <span className="text-muted">No zones</span>;
  const word = isVerifiable ? "served" : "accepted";
  return (
    <>
      <p className="mb-1">
        {figure.format(inSync)} of {figure.format(zones)} {word}
      </p>
      <Progress label={`Zones ${word} by ${label}`} value={inSync} max={zones} className="max-w-40" />
      {!isVerifiable && <p className="mt-1 text-muted text-xs">DNS cannot tell more</p>}
    </>
  );
}

/** The groups of reasons, each a link to its list. */
function Differs({ row: { differing, oldestWaitingAt, targetId } }: { row: FleetRow }) {
  const href = problemAddress({ path: "/proof/problems", q: "", cause: null, at: targetId, page: 1 });
  const parts: [number, string, string][] = [
    [differing.problem, differing.problem === 1 ? "problem" : "problems", "text-bad"],
    [differing["set-aside"], "set aside", "text-warn"],
    [differing.waiting, "waiting", "text-accent"],
    [differing.checking, "not checked yet", "text-muted"],
  ];
  const shown = parts.filter(([count]) => count > 0);
  if (shown.length === 0) return <Status kind="ok">Nothing differs</Status>;
  return (
    <ul className="flex flex-col gap-1.5">
      {shown.map(([count, word, tone]) => (
        <li key={word}>
          <Link href={href} className={`link ${tone}`}>
            {figure.format(count)} {word}
          </Link>
          {word === "waiting" && oldestWaitingAt !== null && (
            <span className="block text-muted text-xs">
              oldest <RelativeTime at={oldestWaitingAt} />
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}

function Looked({ label, children }: { label: string; children: ReactNode }) {
  return (
    <p>
      {label} {children}
    </p>
  );
}

function waits({ propagation: { p50, p95, p99 } }: FleetRow): string {
  if (p50 === null || p95 === null || p99 === null) return "—";
  return [p50, p95, p99].map(latencyWords).join(" · ");
}
