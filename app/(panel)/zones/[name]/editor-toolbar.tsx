"use client";

import { Plus, Search } from "lucide-react";
import { useMemo } from "react";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/input";
import { Kbd } from "@/components/ui/kbd";
import { Segmented } from "@/components/ui/segmented";
import { Select } from "@/components/ui/select";
import type { EditorRow, RecordFilter } from "@/components/zones/staged-edits";

interface EditorToolbarProps {
  rows: readonly EditorRow[];
  /** Rows that the filter lets through. */
  shown: number;
  filter: RecordFilter;
  onFilter: (filter: RecordFilter) => void;
  mode: "records" | "text";
  /** The text cannot be read: its records cannot be shown. */
  canSwitch: boolean;
  onMode: (mode: "records" | "text") => void;
  mayWrite: boolean;
  onAdd: () => void;
}

const figure = new Intl.NumberFormat("en");

/** Above the records: filter, view, add. */
export function EditorToolbar({
  rows,
  shown,
  filter,
  onFilter,
  mode,
  canSwitch,
  onMode,
  mayWrite,
  onAdd,
}: EditorToolbarProps) {
  const types = useMemo(() => countTypes(rows), [rows]);
  return (
    <div className="flex flex-wrap items-center gap-2 border-line border-b p-2">
      {mode === "records" && (
        <>
          <div className="relative min-w-40 max-w-64 flex-1">
            <Search aria-hidden="true" className="pointer-events-none absolute top-2.5 left-2.5 size-3.5 text-muted" />
            <Input
              type="search"
              aria-label="Filter records"
              placeholder="Name or data"
              data-search-input=""
              autoComplete="off"
              spellCheck={false}
              className="pl-8"
              value={filter.text}
              onChange={(event) => onFilter({ ...filter, text: event.target.value })}
            />
          </div>
          <Select
            aria-label="Type"
            className="w-36"
            value={filter.type}
            onChange={(event) => onFilter({ ...filter, type: event.target.value })}
          >
            <option value="">All types</option>
            {types.map(([type, count]) => (
              <option key={type} value={type}>
                {type} ({figure.format(count)})
              </option>
            ))}
          </Select>
          <p role="status" className="text-muted text-xs">
            {shown === rows.length ? "" : `${figure.format(shown)} of `}
            {figure.format(rows.length)} {rows.length === 1 ? "record" : "records"}
          </p>
        </>
      )}
      <div className="ml-auto flex items-center gap-2">
        {mayWrite && (
          <Segmented
            label="View"
            value={mode}
            onChange={(next) => canSwitch && onMode(next)}
            options={[
              { value: "records", label: "Records" },
              { value: "text", label: "Zone file" },
            ]}
          />
        )}
        {mayWrite && mode === "records" && (
          <Button onClick={onAdd}>
            <Plus aria-hidden="true" /> Add record
            <span className="max-sm:hidden">
              <Kbd keys="A" />
            </span>
          </Button>
        )}
      </div>
    </div>
  );
}

function countTypes(rows: readonly EditorRow[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const { record } of rows) counts.set(record.type, (counts.get(record.type) ?? 0) + 1);
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
}
