"use client";

import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useEffect, useRef } from "react";
import { cn } from "@/components/ui/cn";
import { markLine, RECORD_COLUMNS, RecordRow } from "./record-row";
import type { EditorRow } from "./staged-edits";
import { useKeys } from "./use-keys";

interface RecordTableProps {
  rows: readonly EditorRow[];
  apex: string;
  mayWrite: boolean;
  /** Index of the row that keys act on; -1: none yet. */
  cursor: number;
  onCursor: (index: number) => void;
  /** Key of the row that is a form now. */
  editing: string | null;
  form: ReactNode;
  onEdit: (row: EditorRow) => void;
  onRemove: (row: EditorRow) => void;
  onUndo: (row: EditorRow) => void;
}

/** The records of a zone. Only the rows in sight are in the page, so a zone of 50,000 records scrolls like one of 50. */
export function RecordTable(props: RecordTableProps) {
  const { rows, apex, mayWrite, cursor, onCursor, editing, form, onEdit, onRemove, onUndo } = props;
  const region = useRef<HTMLElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => region.current,
    estimateSize: () => 34,
    overscan: 10,
    getItemKey: (index) => rows[index]?.key ?? index,
  });

  const moveTo = (index: number) => {
    if (rows.length === 0) return;
    const next = Math.max(0, Math.min(rows.length - 1, index));
    onCursor(next);
    virtual.scrollToIndex(next);
    focusWhenThere(region.current, next);
  };
  const act = (run: (row: EditorRow) => void) => () => {
    const row = rows[cursor];
    if (row && mayWrite) run(row);
  };
  useKeys({
    j: () => moveTo(cursor + 1),
    ArrowDown: () => moveTo(cursor + 1),
    k: () => moveTo(cursor - 1),
    ArrowUp: () => moveTo(cursor - 1),
    Home: () => moveTo(0),
    End: () => moveTo(rows.length - 1),
    e: act(onEdit),
    d: act(onRemove),
    u: act(onUndo),
  });

  const lastEditing = useRef<string | null>(null);
  useEffect(() => {
    // The form closed: the keyboard goes back to the row it came from.
    if (lastEditing.current !== null && editing === null && cursor >= 0) focusWhenThere(region.current, cursor);
    lastEditing.current = editing;
  }, [editing, cursor]);

  return (
    <section ref={region} aria-label="Records" className="relative max-h-[max(24rem,68vh)] overflow-y-auto">
      {rows.length === 0 && <p className="px-3 py-6 text-center text-muted">No record matches the filter.</p>}
      <table className={cn("block w-full", rows.length === 0 && "hidden")} aria-rowcount={rows.length + 1}>
        <thead className="sticky top-0 z-10 block border-line border-b bg-surface max-sm:sr-only">
          <tr className={cn(RECORD_COLUMNS, "h-8 text-left text-muted text-xs [&>th]:font-medium")}>
            <th scope="col">Name</th>
            <th scope="col">Type</th>
            <th scope="col" className="text-right">
              TTL
            </th>
            <th scope="col">Data</th>
            <th scope="col">
              <span className="sr-only">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody className="relative block" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const row = rows[item.index];
            if (!row) return null;
            return (
              <tr
                key={item.key}
                ref={virtual.measureElement}
                data-index={item.index}
                aria-rowindex={item.index + 2}
                tabIndex={item.index === Math.max(0, cursor) ? 0 : -1}
                onFocus={(event) => event.target === event.currentTarget && onCursor(item.index)}
                onKeyDown={(event) => {
                  if (event.key !== "Enter" || event.target !== event.currentTarget || !mayWrite) return;
                  event.preventDefault();
                  onEdit(row);
                }}
                onDoubleClick={() => mayWrite && editing !== row.key && onEdit(row)}
                style={{ transform: `translateY(${item.start}px)` }}
                className={cn(
                  "absolute top-0 left-0 w-full border-line border-b border-l-2 outline-none",
                  markLine(row),
                  editing === row.key
                    ? "block"
                    : [
                        RECORD_COLUMNS,
                        "min-h-[34px] py-0.5 hover:bg-ink/3 focus:bg-accent-soft",
                        item.index === cursor && "bg-accent-soft/60",
                      ],
                )}
              >
                {editing === row.key ? (
                  <td className="block">{form}</td>
                ) : (
                  <RecordRow
                    row={row}
                    apex={apex}
                    mayWrite={mayWrite}
                    isCurrent={item.index === Math.max(0, cursor)}
                    onEdit={() => onEdit(row)}
                    onRemove={() => onRemove(row)}
                    onUndo={() => onUndo(row)}
                  />
                )}
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

/** A row outside of the window is mounted a frame or two after scrolling to it. */
function focusWhenThere(region: HTMLElement | null, index: number, frames = 10): void {
  const row = region?.querySelector<HTMLElement>(`tr[data-index="${index}"]`);
  if (row) row.focus({ preventScroll: true });
  else if (frames > 0) requestAnimationFrame(() => focusWhenThere(region, index, frames - 1));
}
