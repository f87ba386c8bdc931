"use client";

import { useState } from "react";
import { Checkbox } from "@/components/ui/checkbox";
import { Link } from "@/components/ui/link";
import { RelativeTime } from "@/components/ui/relative-time";
import { Cell, HeadCell, Row, RowHeader, Table, TableBody, TableHead } from "@/components/ui/table";
import { ZoneName } from "@/components/zones/zone-name";
import { zonePath } from "@/components/zones/zone-path";
import type { OrphanRow } from "@/lib/orphans/queries";
import { OrphanActions } from "./orphan-actions";
import { orphanSentence } from "./orphan-words";

interface OrphanTableProps {
  rows: readonly OrphanRow[];
  /** Names of accounts that root may give zones to; null: one's own. */
  accounts: readonly string[] | null;
  isKept: boolean;
}

/** Zones that nobody owns, each with what it probably is; some are chosen and dealt with together. */
export function OrphanTable({ rows, accounts, isKept }: OrphanTableProps) {
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set());
  const here = rows.filter(({ id }) => chosen.has(id));
  const choose = (ids: readonly number[], isChosen: boolean) =>
    setChosen((before) => {
      const next = new Set(before);
      for (const id of ids) isChosen ? next.add(id) : next.delete(id);
      return next;
    });
  return (
    <>
      <OrphanActions chosen={here} accounts={accounts} isKept={isKept} onDone={() => setChosen(new Set())} />
      <Table label="Orphaned zones">
        <TableHead>
          <tr>
            <HeadCell>
              <Checkbox
                label="Choose all"
                hideLabel
                checked={here.length === rows.length}
                onChange={(event) =>
                  choose(
                    rows.map(({ id }) => id),
                    event.target.checked,
                  )
                }
              />
            </HeadCell>
            <HeadCell>Zone</HeadCell>
            <HeadCell>Server</HeadCell>
            <HeadCell className="max-lg:hidden">Since</HeadCell>
            <HeadCell numeric className="max-md:hidden">
              Serial
            </HeadCell>
            <HeadCell numeric className="max-md:hidden">
              Records
            </HeadCell>
          </tr>
        </TableHead>
        <TableBody>
          {rows.map((row) => (
            <Row key={row.id}>
              <Cell>
                <Checkbox
                  label={`Choose ${row.displayName} at ${row.member?.name ?? "this server"}`}
                  hideLabel
                  checked={chosen.has(row.id)}
                  onChange={(event) => choose([row.id], event.target.checked)}
                />
              </Cell>
              <RowHeader className="whitespace-normal">
                {row.side === "here" ? (
                  <Link href={zonePath(row.zone)} className="link">
                    <ZoneName name={row.zone} displayName={row.displayName} />
                  </Link>
                ) : (
                  <ZoneName name={row.zone} displayName={row.displayName} />
                )}
                <span className="block max-w-prose font-normal text-muted text-xs">{orphanSentence(row)}</span>
                {row.kept && (
                  <span className="block max-w-prose break-words font-normal text-xs">
                    Kept by <bdi>{row.kept.by}</bdi>, <RelativeTime at={row.kept.at} />: {row.kept.reason}
                  </span>
                )}
              </RowHeader>
              <Cell>
                {row.side === "here" ? (
                  "This server"
                ) : (
                  <Link href={`/cluster/${row.member?.id}`} className="link break-all">
                    {row.member?.name}
                  </Link>
                )}
              </Cell>
              <Cell className="max-lg:hidden">
                <RelativeTime at={row.firstSeenAt} />
              </Cell>
              <Cell numeric className="max-md:hidden">
                {row.serial ?? "—"}
              </Cell>
              <Cell numeric className="max-md:hidden">
                {row.records ?? "—"}
              </Cell>
            </Row>
          ))}
        </TableBody>
      </Table>
    </>
  );
}
