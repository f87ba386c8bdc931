"use client";

import { useRouter } from "next/navigation";
import { useRef, useState } from "react";
import { Checkbox } from "@/components/ui/checkbox";
import { Link } from "@/components/ui/link";
import { RelativeTime } from "@/components/ui/relative-time";
import { Cell, HeadCell, Row, RowHeader, Table, TableBody, TableHead } from "@/components/ui/table";
import { ContestMark } from "@/components/zones/contest-mark";
import { Highlight } from "@/components/zones/highlight";
import { moveFocus } from "@/components/zones/move-focus";
import { useKeys } from "@/components/zones/use-keys";
import { ZoneName } from "@/components/zones/zone-name";
import { zonePath } from "@/components/zones/zone-path";
import { ZoneState } from "@/components/zones/zone-state";
import type { ZoneRow } from "@/lib/zones/queries";
import { SelectionBar } from "./selection-bar";

type SortLink = { href: string; dir: "asc" | "desc" | null };

interface ZoneTableProps {
  rows: readonly ZoneRow[];
  /** The text that was searched for; marked where a record matched. */
  search: string;
  showOwner: boolean;
  mayDelete: boolean;
  /** Accounts that zones can be given to; null for those who may not. */
  accounts: readonly string[] | null;
  sort: Record<"name" | "records" | "serial" | "updated", SortLink>;
}

const figure = new Intl.NumberFormat("en");

/** A page of zones: selection over pages, j/k or arrows to move, Enter to open, x to select, n to add. */
export function ZoneTable({ rows, search, showOwner, mayDelete, accounts, sort }: ZoneTableProps) {
  const router = useRouter();
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const body = useRef<HTMLDivElement>(null);

  const toggle = (names: readonly string[], isOn: boolean) => {
    const next = new Set(selected);
    for (const name of names)
      if (isOn) next.add(name);
      else next.delete(name);
    setSelected(next);
  };
  const move = (by: 1 | -1) => moveFocus(body.current, "[data-zone]", by);
  useKeys({
    j: () => move(1),
    ArrowDown: () => move(1),
    k: () => move(-1),
    ArrowUp: () => move(-1),
    n: () => router.push("/zones/add"),
    x: () => {
      const name = document.activeElement?.closest<HTMLElement>("[data-zone]")?.dataset.zone;
      if (name) toggle([name], !selected.has(name));
    },
  });
  const isAll = rows.every((row) => selected.has(row.name));

  return (
    <div ref={body}>
      {selected.size > 0 && (
        <SelectionBar
          names={[...selected]}
          mayDelete={mayDelete}
          accounts={accounts}
          onDone={() => setSelected(new Set())}
        />
      )}
      <Table label="Zones">
        <TableHead>
          <tr>
            <HeadCell className="w-8 pr-0">
              <Checkbox
                label="Select every zone on this page"
                hideLabel
                checked={isAll}
                onChange={(event) =>
                  toggle(
                    rows.map((row) => row.name),
                    event.target.checked,
                  )
                }
              />
            </HeadCell>
            <HeadCell sort={sort.name}>Zone</HeadCell>
            <HeadCell>State</HeadCell>
            <HeadCell numeric sort={sort.records} className="max-md:hidden">
              Records
            </HeadCell>
            <HeadCell numeric sort={sort.serial} className="max-lg:hidden">
              Serial
            </HeadCell>
            <HeadCell sort={sort.updated} className="max-sm:hidden">
              Changed
            </HeadCell>
            {showOwner && <HeadCell className="max-lg:hidden">Owner</HeadCell>}
          </tr>
        </TableHead>
        <TableBody>
          {rows.map((row) => (
            <Row key={row.name}>
              <Cell className="w-8 pr-0 align-top">
                <Checkbox
                  label={`Select ${row.displayName}`}
                  hideLabel
                  checked={selected.has(row.name)}
                  onChange={(event) => toggle([row.name], event.target.checked)}
                  className="mt-0.5"
                />
              </Cell>
              <RowHeader className="w-full max-w-0 align-top">
                <Link href={zonePath(row.name)} data-zone={row.name} className="target hover:underline">
                  <ZoneName name={row.name} displayName={row.displayName} />
                </Link>
                <Matches matches={row.matches} search={search} />
              </RowHeader>
              <Cell className="align-top">
                <ZoneState state={row.state} served={row.served} targets={row.targets} />
                {row.contest && (
                  <div>
                    <ContestMark contest={row.contest} />
                  </div>
                )}
              </Cell>
              <Cell numeric className="align-top max-md:hidden">
                {figure.format(row.recordCount)}
              </Cell>
              <Cell numeric className="align-top font-mono text-xs leading-5 max-lg:hidden">
                {row.serial}
              </Cell>
              <Cell className="align-top max-sm:hidden">
                <RelativeTime at={row.updatedAt} />
              </Cell>
              {showOwner && <Cell className="whitespace-nowrap align-top max-lg:hidden">{row.owner}</Cell>}
            </Row>
          ))}
        </TableBody>
      </Table>
    </div>
  );
}

function Matches({ matches, search }: { matches: readonly string[]; search: string }) {
  if (matches.length === 0) return null;
  return (
    <ul aria-label="Matching records" className="mt-0.5 font-normal">
      {matches.map((line) => (
        <li key={line} className="truncate font-mono text-muted text-xs" title={line}>
          <Highlight text={line} part={search} />
        </li>
      ))}
    </ul>
  );
}
