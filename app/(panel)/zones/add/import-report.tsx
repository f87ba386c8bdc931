"use client";

import Link from "next/link";
import { useState } from "react";
import { Segmented } from "@/components/ui/segmented";
import { Status, type StatusKind } from "@/components/ui/status";
import { Cell, HeadCell, Row, RowHeader, Table, TableBody, TableHead } from "@/components/ui/table";
import { ProblemList } from "@/components/zones/problem-list";
import { zonePath } from "@/components/zones/zone-path";
import type { ImportOutcome } from "@/lib/zones/import";

const LOOK: Record<ImportOutcome["status"], { kind: StatusKind; word: string }> = {
  created: { kind: "ok", word: "Added" },
  replaced: { kind: "ok", word: "Replaced" },
  unchanged: { kind: "partial", word: "Unchanged" },
  skipped: { kind: "paused", word: "Skipped" },
  refused: { kind: "error", word: "Refused" },
};

const VIEWS = ["all", "refused", "warnings"] as const;
type View = (typeof VIEWS)[number];

const isIn: Record<View, (outcome: ImportOutcome) => boolean> = {
  all: () => true,
  refused: (outcome) => outcome.status === "refused",
  warnings: (outcome) => outcome.status !== "refused" && outcome.problems.length > 0,
};

/** What became of each file: accepted, refused and why, with warnings. */
export function ImportReport({ outcomes, isDone }: { outcomes: readonly ImportOutcome[]; isDone: boolean }) {
  const [view, setView] = useState<View>("all");
  const count = (wanted: View) => outcomes.filter(isIn[wanted]).length;
  return (
    <section aria-label="Report" className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-3">
        <h2 className="mr-auto font-semibold">{isDone ? "Report" : "Report so far"}</h2>
        <Segmented
          label="Show"
          value={view}
          onChange={setView}
          options={[
            { value: "all", label: `All (${count("all")})` },
            { value: "refused", label: `Refused (${count("refused")})` },
            { value: "warnings", label: `With warnings (${count("warnings")})` },
          ]}
        />
      </div>
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

function Message({ outcome }: { outcome: ImportOutcome }) {
  if (outcome.status === "refused" || outcome.name === null) return <p className="break-words">{outcome.message}</p>;
  return (
    <Link href={zonePath(outcome.name)} prefetch={false} className="link break-words">
      {outcome.message}
    </Link>
  );
}
