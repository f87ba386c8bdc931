"use client";

import { Pencil, Trash2, Undo2 } from "lucide-react";
import { Badge, type Tone } from "@/components/ui/badge";
import { cn } from "@/components/ui/cn";
import { IconButton } from "@/components/ui/icon-button";
import { displayOwner, OwnerName } from "./owner-name";
import type { EditorRow } from "./staged-edits";

/** The columns of the records table; on phones the data goes beneath name and type. */
export const RECORD_COLUMNS =
  "grid grid-cols-[auto_auto_minmax(0,1fr)] sm:grid-cols-[minmax(7rem,1.2fr)_4.5rem_4.5rem_minmax(0,3fr)_4.5rem] items-center gap-x-3 px-3";

const MARK: Record<EditorRow["status"], { word: string; tone: Tone; line: string } | null> = {
  same: null,
  added: { word: "added", tone: "ok", line: "border-l-ok" },
  changed: { word: "changed", tone: "accent", line: "border-l-accent" },
  "ttl-changed": { word: "TTL changed", tone: "accent", line: "border-l-accent" },
  removed: { word: "removed", tone: "bad", line: "border-l-bad" },
  gone: { word: "no longer there", tone: "warn", line: "border-l-warn" },
};

interface RecordRowProps {
  row: EditorRow;
  apex: string;
  mayWrite: boolean;
  /** The row that has the keyboard: its buttons can be reached by Tab. */
  isCurrent: boolean;
  onEdit: () => void;
  onRemove: () => void;
  onUndo: () => void;
}

/** The cells of one record: as it will be, what it was, and what can be done with it. */
export function RecordRow({ row, apex, mayWrite, isCurrent, onEdit, onRemove, onUndo }: RecordRowProps) {
  const { record, status, edit } = row;
  const mark = MARK[status];
  const tabIndex = isCurrent ? 0 : -1;
  const isStruck = status === "removed";
  const subject = `${displayOwner(record.owner, apex)} ${record.type}`;
  return (
    <>
      <th scope="row" className="flex min-w-0 flex-wrap items-center gap-1.5 text-left font-normal">
        <OwnerName
          owner={record.owner}
          apex={apex}
          className={cn("break-all font-medium font-mono text-[0.78rem]", isStruck && "line-through")}
        />
        {mark && <Badge tone={mark.tone}>{mark.word}</Badge>}
      </th>
      <td>
        <Badge mono>{record.type}</Badge>
      </td>
      <td className={cn("text-right font-mono text-muted text-xs max-sm:hidden", isStruck && "line-through")}>
        {record.ttl}
      </td>
      <td className="min-w-0 font-mono text-[0.78rem] max-sm:col-span-3 max-sm:row-start-2">
        <span className={cn("block truncate", isStruck && "line-through")} title={record.rdata}>
          {record.rdata}
        </span>
        {status === "changed" && edit?.before && <Was row={row} />}
      </td>
      <td className="flex justify-end max-sm:col-start-3 max-sm:row-start-1">
        {mayWrite && status !== "removed" && (
          <IconButton label={`Edit ${subject}`} size="icon-sm" onClick={onEdit} tabIndex={tabIndex}>
            <Pencil />
          </IconButton>
        )}
        {edit && (
          <IconButton label={`Undo the edit of ${subject}`} size="icon-sm" onClick={onUndo} tabIndex={tabIndex}>
            <Undo2 />
          </IconButton>
        )}
        {mayWrite && !edit && record.type !== "SOA" && (
          <IconButton label={`Delete ${subject}`} size="icon-sm" onClick={onRemove} tabIndex={tabIndex}>
            <Trash2 />
          </IconButton>
        )}
      </td>
    </>
  );
}

function Was({ row }: { row: EditorRow }) {
  const before = row.edit?.before;
  if (!before) return null;
  const { record } = row;
  const parts = [
    before.owner === record.owner ? null : before.owner,
    before.type === record.type ? null : before.type,
    before.ttl === record.ttl ? null : `TTL ${before.ttl}`,
    before.rdata === record.rdata ? null : before.rdata,
  ].filter((part) => part !== null);
  return (
    <span className="block truncate text-muted text-xs" title={parts.join(" ")}>
      was <s>{parts.join(" ")}</s>
    </span>
  );
}

/** The mark at a row's left edge. */
export function markLine(row: EditorRow): string {
  return MARK[row.status]?.line ?? "border-l-transparent";
}
