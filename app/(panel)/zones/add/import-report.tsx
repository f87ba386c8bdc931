"use client";

import { useState } from "react";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { Link } from "@/components/ui/link";
import { Segmented } from "@/components/ui/segmented";
import { Status, type StatusKind } from "@/components/ui/status";
import { Cell, HeadCell, Row, RowHeader, Table, TableBody, TableHead } from "@/components/ui/table";
import { ProblemList } from "@/components/zones/problem-list";
import { zonePath } from "@/components/zones/zone-path";
import type { ZoneImport } from "@/lib/cluster/import-zones";

const LOOK: Record<ZoneImport["status"], { kind: StatusKind; word: string }> = {
  created: { kind: "ok", word: "Added" },
  replaced: { kind: "ok", word: "Replaced" },
  unchanged: { kind: "partial", word: "Unchanged" },
  held: { kind: "warning", word: "On another server" },
  skipped: { kind: "paused", word: "Skipped" },
  refused: { kind: "error", word: "Refused" },
};

const VIEWS = ["all", "refused", "held", "warnings"] as const;
type View = (typeof VIEWS)[number];

const isIn: Record<View, (outcome: ZoneImport) => boolean> = {
  all: () => true,
  refused: (outcome) => outcome.status === "refused",
  held: (outcome) => outcome.status === "held",
  warnings: (outcome) => outcome.status !== "refused" && outcome.problems.length + outcome.warnings.length > 0,
};

interface ImportReportProps {
  outcomes: readonly ZoneImport[];
  isDone: boolean;
  /** By which all of it can be undone. */
  changeSetId: number | undefined;
  /** Adds the zones at these places although servers of the cluster have them; undefined while it cannot be done. */
  onAnyway: ((places: readonly number[]) => void) | undefined;
}

/** What became of each file: accepted, refused and why, with warnings. */
export function ImportReport({ outcomes, isDone, changeSetId, onAnyway }: ImportReportProps) {
  const [view, setView] = useState<View>("all");
  const count = (wanted: View) => outcomes.filter(isIn[wanted]).length;
  const changed = outcomes.filter(({ status }) => status === "created" || status === "replaced").length;
  const held = outcomes.flatMap((outcome, place) => (isIn.held(outcome) ? place : []));
  return (
    <section aria-label="Report" className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-3">
        <h2 className="mr-auto font-semibold">{isDone ? "Report" : "Report so far"}</h2>
        {isDone && changed > 0 && changeSetId !== undefined && (
          <Link href={`/changes/${changeSetId}`} className="link">
            Undo this import…
          </Link>
        )}
        <Segmented
          label="Show"
          value={view}
          onChange={setView}
          options={[
            { value: "all", label: `All (${count("all")})` },
            { value: "refused", label: `Refused (${count("refused")})` },
            ...(held.length > 0 ? [{ value: "held" as const, label: `On another server (${held.length})` }] : []),
            { value: "warnings", label: `With warnings (${count("warnings")})` },
          ]}
        />
      </div>
      {held.length > 0 && (
        <Banner
          tone="warn"
          action={
            <Button size="sm" disabled={!onAnyway} onClick={() => onAnyway?.(held)}>
              {held.length === 1 ? "Add it here anyway" : `Add all ${held.length} here anyway`}
            </Button>
          }
        >
          {held.length === 1 ? "One zone exists" : `${held.length} zones exist`} on another server of the cluster and
          {held.length === 1 ? " was" : " were"} not added. Whatever is newest replaces the other copy.
        </Banner>
      )}
      <Table label="Files" regionClassName="max-h-[60vh] rounded-md border border-line">
        <TableHead>
          <tr>
            <HeadCell>File</HeadCell>
            <HeadCell>Outcome</HeadCell>
            <HeadCell>Details</HeadCell>
          </tr>
        </TableHead>
        <TableBody>
          {outcomes.map((outcome, index) =>
            isIn[view](outcome) ? (
              // biome-ignore lint/suspicious/noArrayIndexKey: two files may have one name; their place in the list is theirs.
              <Row key={index}>
                <RowHeader className="max-w-[30ch] break-all align-top">
                  <bdi>{outcome.fileName}</bdi>
                </RowHeader>
                <Cell className="align-top">
                  <Status kind={LOOK[outcome.status].kind}>{LOOK[outcome.status].word}</Status>
                </Cell>
                <Cell className="min-w-60 align-top">
                  <Message outcome={outcome} />
                  {outcome.status === "held" && held.length > 1 && (
                    <Button size="sm" disabled={!onAnyway} onClick={() => onAnyway?.([index])}>
                      Add {outcome.fileName} here anyway
                    </Button>
                  )}
                  {outcome.warnings.map((warning) => (
                    <p key={warning} className="break-words text-warn text-xs">
                      {warning}
                    </p>
                  ))}
                  <ProblemList problems={outcome.problems.slice(0, 20)} label={`Problems of ${outcome.fileName}`} />
                </Cell>
              </Row>
            ) : null,
          )}
        </TableBody>
      </Table>
    </section>
  );
}

function Message({ outcome }: { outcome: ZoneImport }) {
  if (outcome.status === "refused" || outcome.status === "held" || outcome.name === null)
    return <p className="break-words">{outcome.message}</p>;
  return (
    <Link href={zonePath(outcome.name)} className="link break-words">
      {outcome.message}
    </Link>
  );
}
