import type { ReactNode } from "react";
import { Link } from "@/components/ui/link";
import { RelativeTime } from "@/components/ui/relative-time";
import { Status } from "@/components/ui/status";
import { DiffView } from "@/components/zones/diff-view";
import { diffSentence } from "@/components/zones/diff-words";
import { ZoneName } from "@/components/zones/zone-name";
import { zonePath } from "@/components/zones/zone-path";
import type { ChangedZone } from "@/lib/change-sets/queries-zones";
import { DEED_WORDS, OUTLOOK_WORDS } from "./change-words";
import { OverlapTable } from "./overlap-table";
import { UndoZone } from "./undo-zone";

interface ChangedZonesProps {
  id: number;
  rows: readonly ChangedZone[];
  /** Single zones can be undone by the asker, now. */
  mayUndo: boolean;
}

/** The zones of a change set: what it did to each, and what undoing that would find. */
export function ChangedZones({ id, rows, mayUndo }: ChangedZonesProps) {
  return (
    <ul aria-label="Zones">
      {rows.map((row) => (
        <li key={row.name} className="flex flex-col gap-1 border-line border-b px-4 py-2 last:border-b-0">
          <div className="flex flex-wrap items-baseline gap-x-3">
            <Link href={zonePath(row.name)} className="target min-w-0 font-medium hover:underline">
              <ZoneName name={row.name} displayName={row.displayName} />
            </Link>
            <StateOf row={row} />
          </div>
          {row.deed !== null && !row.diff && <p>{DEED_WORDS[row.deed]}</p>}
          {row.diff && (
            <Difference sentence={diffSentence(row.diff)} row={row} diff={row.diff} what="What was changed" />
          )}
          <InTheWay id={id} row={row} mayUndo={mayUndo} />
        </li>
      ))}
    </ul>
  );
}

function StateOf({ row: { outlook, undoneBy, state } }: { row: ChangedZone }) {
  if (outlook !== null) return <Status kind={OUTLOOK_WORDS[outlook].kind}>{OUTLOOK_WORDS[outlook].words}</Status>;
  if (undoneBy === null || state !== "undone") return null;
  return (
    <Link href={`/changes/${undoneBy}`} className="link">
      <Status kind="partial">Undone</Status>
    </Link>
  );
}

function Difference(props: {
  sentence: ReactNode;
  row: ChangedZone;
  diff: NonNullable<ChangedZone["diff"]>;
  what: string;
}) {
  return (
    <details>
      <summary className="link w-fit cursor-pointer">{props.sentence}</summary>
      <div className="mt-2">
        <DiffView diff={props.diff} apex={props.row.name} label={`${props.what} in ${props.row.displayName}`} />
      </div>
    </details>
  );
}

/** What came later, and what can be done about it. */
function InTheWay({ id, row, mayUndo }: { id: number; row: ChangedZone; mayUndo: boolean }) {
  const { outlook, later, overlaps, undo, name, displayName, seq } = row;
  if (outlook === null || outlook === "plain") return null;
  const mode = outlook === "merge" ? "merge" : outlook === "overlap" ? "restore" : null;
  return (
    <div className="flex flex-col items-start gap-2">
      <p className="break-words text-muted">
        {later && (
          <>
            {later.isDeletion ? "Deleted" : "Changed"} by <bdi>{later.actorName}</bdi> <RelativeTime at={later.at} />.{" "}
          </>
        )}
        {overlaps.length === 0 && outlook === "overlap"
          ? "The whole zone came or went: there is nothing to merge."
          : OUTLOOK_WORDS[outlook].sentence}
      </p>
      {overlaps.length > 0 && (
        <div className="w-full">
          <OverlapTable overlaps={overlaps} apex={name} />
        </div>
      )}
      {undo && mode !== null && (
        <Difference
          sentence={mode === "merge" ? "What undoing would change" : "What restoring would change"}
          row={row}
          diff={undo}
          what="What would change"
        />
      )}
      {mode !== null && mayUndo && <UndoZone id={id} name={name} displayName={displayName} seq={seq} mode={mode} />}
    </div>
  );
}
