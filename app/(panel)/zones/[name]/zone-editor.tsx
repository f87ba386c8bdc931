"use client";

import { useRouter } from "next/navigation";
import { startTransition, useDeferredValue, useMemo, useState } from "react";
import { Card } from "@/components/ui/card";
import { KeyHints } from "@/components/zones/key-hints";
import { displayOwner } from "@/components/zones/owner-name";
import { EMPTY_VALUES, RecordForm } from "@/components/zones/record-form";
import { inputOf } from "@/components/zones/record-input";
import { RecordTable } from "@/components/zones/record-table";
import {
  changesOfEdits,
  type EditorRow,
  editorRows,
  editsOfDiff,
  filterRows,
  stageEdit,
} from "@/components/zones/staged-edits";
import { useKeys } from "@/components/zones/use-keys";
import { useStagedEdits } from "@/components/zones/use-staged-edits";
import { applyChanges } from "@/lib/dns/changes";
import { diffZones } from "@/lib/dns/diff";
import type { Zone, ZoneProblem } from "@/lib/dns/zone";
import type { ZoneRecord } from "@/lib/dns/zone-build";
import { parseCanonicalZone } from "@/lib/dns/zone-file";
import { EditorToolbar } from "./editor-toolbar";
import { ReviewDialog } from "./review-dialog";
import { StagedBar } from "./staged-bar";
import { ZoneText } from "./zone-text";
import { ZoneWarnings } from "./zone-warnings";

interface ZoneEditorProps {
  name: string;
  seq: number;
  /** Canonical text of the newest revision. */
  text: string;
  recordCount: number;
  problems: readonly ZoneProblem[];
  defaultTtl: number;
  mayWrite: boolean;
}

/** Key of the form for a new record. */
const NEW = "new";

const READER_KEYS = [
  ["/", "filter"],
  ["J K", "move"],
] as const;
const WRITER_KEYS = [
  ...READER_KEYS,
  ["A", "add"],
  ["E", "edit"],
  ["D", "delete"],
  ["U", "undo"],
  ["Ctrl+S", "review and save"],
] as const;

/** What is special about records at the zone's own name. */
function noteFor(record: ZoneRecord, apex: string): string | null {
  if (record.type === "SOA")
    return "The serial is set by the panel. Secondaries go by the timers: change them only for a reason.";
  if (record.type === "NS" && record.owner === apex)
    return "This is one of the zone's own nameservers. It must answer for the zone, and the registrar must list the same ones.";
  return null;
}

/**
 * The records of a zone. Edits are staged here, shown in place, undone one by one, reviewed and saved as one change. They lie over the newest
 * revision, whoever saved it: somebody else's save changes what is beneath, never what is staged.
 */
export function ZoneEditor({ name: apex, seq, text, recordCount, problems, defaultTtl, mayWrite }: ZoneEditorProps) {
  const router = useRouter();
  const staged = useStagedEdits(apex, seq);
  /** Set while the zone is edited as text: what the text is compared with, also when somebody else saves meanwhile. */
  const [textBase, setTextBase] = useState<{ zone: Zone; seq: number } | null>(null);
  const [isTextBroken, setTextBroken] = useState(false);
  const [editing, setEditing] = useState<string | null>(null);
  const [cursor, setCursor] = useState(-1);
  const [filter, setFilter] = useState({ text: "", type: "" });
  const [isReviewing, setReviewing] = useState(false);

  const zone = useMemo(() => parseCanonicalZone(text, apex), [text, apex]);
  // Nothing was typed yet: the text follows what others save.
  if (textBase && textBase.seq !== seq && staged.edits.length === 0 && !isTextBroken) setTextBase({ zone, seq });
  const rows = useMemo(() => editorRows(zone, staged.edits), [zone, staged.edits]);
  const deferred = useDeferredValue(filter);
  const shown = useMemo(() => filterRows(rows, deferred, (owner) => displayOwner(owner, apex)), [rows, deferred, apex]);

  const stage = (row: EditorRow | null, record: ZoneRecord | null) => {
    staged.set(stageEdit(staged.edits, row, record));
    setEditing(null);
  };
  const undo = (row: EditorRow) => staged.set(staged.edits.filter((edit) => edit !== row.edit));
  const remove = (row: EditorRow) => {
    if (row.record.type !== "SOA" && row.status !== "removed") stage(row, null);
  };
  const review = () => {
    if (staged.edits.length > 0 && !isTextBroken) setReviewing(true);
  };
  const add = () => {
    if (mayWrite && !textBase) setEditing(NEW);
  };
  useKeys({ a: add, "mod+s": review });

  const ttlOf = (owner: string, type: string) => {
    const same = rows.filter(
      ({ record, status }) => status !== "removed" && record.owner === owner && record.type === type,
    );
    const [first] = same;
    return first ? { ttl: first.record.ttl, count: same.length } : null;
  };
  const form = (row: EditorRow | null) => (
    <RecordForm
      key={row?.key ?? NEW}
      apex={apex}
      initial={
        row
          ? inputOf(row.record, displayOwner(row.record.owner, apex))
          : { owner: "", type: "A", ttl: String(defaultTtl), values: EMPTY_VALUES }
      }
      isSoa={row?.record.type === "SOA"}
      note={row && noteFor(row.record, apex)}
      ttlOf={ttlOf}
      submitLabel={row ? "Change record" : "Add record"}
      onSubmit={(record) => stage(row, record)}
      onCancel={() => setEditing(null)}
    />
  );

  return (
    <>
      <ZoneWarnings problems={problems} />
      <Card flush className="overflow-visible">
        <EditorToolbar
          rows={rows}
          shown={shown.length}
          filter={filter}
          onFilter={(next) => {
            setFilter(next);
            setCursor(-1);
          }}
          mode={textBase ? "text" : "records"}
          canSwitch={!isTextBroken && rows.every((row) => row.status !== "gone")}
          onMode={(next) => {
            setEditing(null);
            setTextBase(next === "text" ? { zone, seq } : null);
          }}
          mayWrite={mayWrite}
          onAdd={add}
        />
        {!textBase && editing === NEW && form(null)}
        {!textBase && (
          <RecordTable
            rows={shown}
            apex={apex}
            mayWrite={mayWrite}
            cursor={cursor}
            onCursor={setCursor}
            editing={editing}
            form={form(shown.find((row) => row.key === editing) ?? null)}
            onEdit={(row) => row.status !== "removed" && setEditing(row.key)}
            onRemove={remove}
            onUndo={undo}
          />
        )}
        {textBase && (
          <ZoneText
            key={textBase.seq}
            apex={apex}
            zone={applyChanges(textBase.zone, changesOfEdits(staged.edits)).zone}
            defaultTtl={defaultTtl}
            onZone={(typed) => {
              setTextBroken(typed === null);
              if (typed) staged.set(editsOfDiff(diffZones(textBase.zone, typed)), textBase.seq);
            }}
          />
        )}
        {!textBase && <KeyHints keys={mayWrite ? WRITER_KEYS : READER_KEYS} />}
        <StagedBar
          count={staged.edits.length}
          isRestored={staged.isRestored}
          isBroken={isTextBroken}
          onReview={review}
          onDiscard={() => {
            staged.set([]);
            setTextBroken(false);
            setTextBase(null);
          }}
        />
      </Card>
      {isReviewing && (
        <ReviewDialog
          name={apex}
          recordCount={recordCount}
          edits={staged.edits}
          baseSeq={staged.baseSeq}
          onEdits={(edits) => staged.set(edits)}
          onClose={() => setReviewing(false)}
          onSaved={() => {
            staged.set([]);
            setReviewing(false);
            setTextBase(null);
            startTransition(() => router.refresh());
          }}
        />
      )}
    </>
  );
}
