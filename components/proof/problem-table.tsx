import type { ReactNode } from "react";
import { Link } from "@/components/ui/link";
import { RelativeTime } from "@/components/ui/relative-time";
import { Status } from "@/components/ui/status";
import { Cell, HeadCell, Row, RowHeader, Table, TableBody, TableHead } from "@/components/ui/table";
import { zonePath } from "@/components/zones/zone-path";
import type { PairView } from "@/lib/proof/pairs";
import type { CauseGroup } from "@/lib/proof/queries-problems";
import { CAUSE_MEANING, STATE_LOOK } from "./cause-words";
import { CheckAgain } from "./check-again";
import { ReasonText } from "./reason-cell";
import { CARD_CELL, CARD_ROW } from "./row-card";

interface ProblemTableProps {
  groups: readonly CauseGroup[];
  /** Of one member, whose name every row would repeat. */
  hideNameserver?: boolean;
  /** What can be done about a pair, beside looking again. */
  actions?: (pair: PairView) => ReactNode;
}

const figure = new Intl.NumberFormat("en");

/** Zones that differ from what is wanted at a nameserver, under their reasons, the worst first. */
export function ProblemTable({ groups, hideNameserver = false, actions }: ProblemTableProps) {
  const columns = hideNameserver ? 4 : 5;
  return (
    <Table role="table" label="Differences by reason" className="max-md:block">
      <TableHead role="rowgroup" className="max-md:sr-only">
        <tr>
          <HeadCell>Zone</HeadCell>
          {!hideNameserver && <HeadCell>Nameserver</HeadCell>}
          <HeadCell>Reason</HeadCell>
          <HeadCell>Since</HeadCell>
          <HeadCell hideLabel>Actions</HeadCell>
        </tr>
      </TableHead>
      {groups.map(({ cause, count, rows }) => (
        <TableBody key={cause} role="rowgroup" className="max-md:block">
          <Row role="row" className="max-md:block">
            <RowHeader
              role="rowheader"
              scope="rowgroup"
              colSpan={columns}
              className="bg-sunken py-1.5 font-normal max-md:block max-md:h-auto"
            >
              <span className="flex flex-wrap items-baseline gap-x-3">
                <Status kind={STATE_LOOK[cause].kind} className="font-medium">
                  {STATE_LOOK[cause].word} · {figure.format(count)}
                </Status>
                <span className="text-muted text-xs">{CAUSE_MEANING[cause]}</span>
              </span>
            </RowHeader>
          </Row>
          {rows.map((pair) => (
            <Row key={`${pair.zoneId} ${pair.targetId}`} role="row" className={CARD_ROW}>
              <RowHeader role="rowheader" className={`${CARD_CELL} min-w-40 [overflow-wrap:anywhere]`}>
                <ZoneLink pair={pair} />
              </RowHeader>
              {!hideNameserver && (
                <Cell role="cell" className={`${CARD_CELL} [overflow-wrap:anywhere]`}>
                  <bdi>{pair.label}</bdi>
                </Cell>
              )}
              <Cell role="cell" className={`${CARD_CELL} min-w-64 max-md:basis-full`}>
                <ReasonText pair={pair} />
              </Cell>
              <Cell role="cell" className={`${CARD_CELL} whitespace-nowrap text-muted max-md:flex-1`}>
                {pair.reason.since !== null && <RelativeTime at={pair.reason.since} />}
              </Cell>
              <Cell role="cell" className={`${CARD_CELL} py-1`}>
                <span className="flex items-center justify-end gap-1">
                  {actions?.(pair)}
                  <CheckPair pair={pair} />
                </span>
              </Cell>
            </Row>
          ))}
        </TableBody>
      ))}
    </Table>
  );
}

/** A deleted zone has no page any more. */
function ZoneLink({ pair }: { pair: PairView }) {
  if (pair.desired.isGone && !pair.isHere)
    return (
      <>
        <bdi>{pair.displayName}</bdi> <span className="font-normal text-muted text-xs">deleted</span>
      </>
    );
  return (
    <Link href={zonePath(pair.name, "/nameservers")} data-pair="" className="link">
      {pair.displayName}
    </Link>
  );
}

/** Looks again at one zone at one nameserver; of another account's the zone is looked at everywhere. */
export function CheckPair({ pair }: { pair: PairView }) {
  if (!pair.isAskable) return null;
  const at = pair.isForeign ? {} : { memberId: pair.memberId };
  return <CheckAgain isSmall zone={pair.name} {...at} label={`Check ${pair.displayName} at ${pair.label} again`} />;
}
