import type { ReactNode } from "react";
import { RelativeTime } from "@/components/ui/relative-time";
import { Status } from "@/components/ui/status";
import { Cell, HeadCell, Row, RowHeader, Table, TableBody, TableHead } from "@/components/ui/table";
import type { PairView } from "@/lib/proof/pairs";
import { STATE_LOOK } from "./cause-words";
import { CheckPair } from "./problem-table";
import { ReasonText } from "./reason-cell";
import { CARD_CELL, CARD_ROW } from "./row-card";

interface PairTableProps {
  pairs: readonly PairView[];
  /** What can be done about a nameserver that differs, beside looking again. */
  actions?: (pair: PairView) => ReactNode;
}

/** One zone at each nameserver: what is desired there, what was acknowledged, what its nameserver answered, each with its time, and the reason where they differ. */
export function PairTable({ pairs, actions }: PairTableProps) {
  return (
    <Table role="table" label="This zone at each nameserver" className="max-md:block">
      <TableHead role="rowgroup" className="max-md:sr-only">
        <tr>
          <HeadCell>Nameserver</HeadCell>
          <HeadCell>State</HeadCell>
          <HeadCell>Desired</HeadCell>
          <HeadCell>Acknowledged</HeadCell>
          <HeadCell>Observed over DNS</HeadCell>
          <HeadCell>Content</HeadCell>
          <HeadCell hideLabel>Actions</HeadCell>
        </tr>
      </TableHead>
      <TableBody role="rowgroup" className="max-md:block">
        {pairs.map((pair) => (
          <Row key={pair.targetId} role="row" className={CARD_ROW}>
            <RowHeader role="rowheader" className={`${CARD_CELL} [overflow-wrap:anywhere] max-md:flex-1`}>
              <bdi>{pair.label}</bdi>
            </RowHeader>
            <Cell role="cell" className={`${CARD_CELL} min-w-56 max-md:order-1 max-md:basis-full`}>
              <State pair={pair} />
            </Cell>
            <Known label="Desired">
              <Serial serial={pair.desired.isGone ? "gone" : pair.desired.serial} at={pair.desired.at} />
            </Known>
            <Known label="Acknowledged">
              <Acknowledged pair={pair} />
            </Known>
            <Known label="Observed">
              <Observed pair={pair} />
            </Known>
            <Known label="Content">
              <Content pair={pair} />
            </Known>
            <Cell role="cell" className={`${CARD_CELL} py-1`}>
              <span className="flex items-center justify-end gap-1">
                {actions?.(pair)}
                <CheckPair pair={pair} />
              </span>
            </Cell>
          </Row>
        ))}
      </TableBody>
    </Table>
  );
}

function State({ pair }: { pair: PairView }) {
  const { state, since } = pair.reason;
  return (
    <>
      <p className="flex flex-wrap items-baseline gap-x-2">
        <Status kind={STATE_LOOK[state].kind} className="font-medium">
          {STATE_LOOK[state].word}
        </Status>
        {since !== null && (
          <span className="text-muted text-xs">
            since <RelativeTime at={since} />
          </span>
        )}
      </p>
      {state !== "in-sync" && <ReasonText pair={pair} />}
    </>
  );
}

/** A thing that is known, under its name where there is no room for a heading. */
function Known({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Cell role="cell" className={`${CARD_CELL} max-md:order-2 max-md:basis-full`}>
      <span className="mr-2 text-muted text-xs md:hidden">{label}</span>
      {children}
    </Cell>
  );
}

function Serial({ serial, at }: { serial: number | "gone" | null; at: number | null }) {
  if (serial === null) return <span className="text-muted">—</span>;
  return (
    <>
      <span className="font-mono">{serial === "gone" ? "no zone" : serial}</span>
      {at !== null && (
        <span className="text-muted text-xs md:block max-md:ml-2">
          <RelativeTime at={at} />
        </span>
      )}
    </>
  );
}

function Acknowledged({ pair: { acknowledged } }: { pair: PairView }) {
  if (!acknowledged || acknowledged.at === null) return <Serial serial={null} at={null} />;
  return <Serial serial={acknowledged.isGone ? "gone" : acknowledged.serial} at={acknowledged.at} />;
}

const NO_SERIAL = {
  absent: "no zone",
  unknown: "no answer",
  served: "no zone",
  present: "an answer",
  lagging: "an answer",
};

function Observed({ pair: { observed } }: { pair: PairView }) {
  if (!observed) return <span className="text-muted">Not asked yet</span>;
  if (observed.serial !== null && observed.state !== "absent" && observed.state !== "unknown")
    return <Serial serial={observed.serial} at={observed.at} />;
  return (
    <>
      {NO_SERIAL[observed.state]}
      <span className="text-muted text-xs md:block max-md:ml-2">
        <RelativeTime at={observed.at} />
      </span>
    </>
  );
}

const CONTENT = {
  same: { kind: "ok", word: "Same" },
  differs: { kind: "error", word: "Differs" },
  unknown: { kind: "unknown", word: "Unknown" },
} as const;

function Content({ pair: { content } }: { pair: PairView }) {
  if (!content) return <span className="text-muted">Not compared yet</span>;
  return (
    <>
      <Status kind={CONTENT[content.state].kind}>{CONTENT[content.state].word}</Status>
      <span className="text-muted text-xs md:block max-md:ml-2">
        <RelativeTime at={content.at} />
      </span>
    </>
  );
}
