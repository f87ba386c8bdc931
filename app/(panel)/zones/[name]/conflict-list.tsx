"use client";

import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { OwnerName } from "@/components/zones/owner-name";
import { editOfChange, reapplyEdit, type StagedEdit } from "@/components/zones/staged-edits";
import type { ChangeConflict } from "@/lib/dns/changes";

interface ConflictListProps {
  conflicts: readonly ChangeConflict[];
  edits: readonly StagedEdit[];
  apex: string;
  onEdits: (edits: readonly StagedEdit[]) => void;
}

/** Edits whose records somebody else changed: each is put on top, or given up. Until then it stays staged. */
export function ConflictList({ conflicts, edits, apex, onEdits }: ConflictListProps) {
  const settle = (which: readonly ChangeConflict[], isMine: boolean) => {
    let next = [...edits];
    for (const { change, current } of which) {
      const edit = editOfChange(next, change);
      if (!edit) continue;
      const kept = isMine ? reapplyEdit(edit, current) : null;
      next = next.flatMap((other) => (other !== edit ? [other] : kept ? [kept] : []));
    }
    onEdits(next);
  };
  return (
    <Banner tone="warn" title="Changed by both of you" live>
      <ul aria-label="Conflicts" className="flex flex-col gap-3">
        {conflicts.map((conflict) => (
          <li key={`${conflict.change.kind} ${conflict.change.owner} ${conflict.change.type} ${conflict.change.rdata}`}>
            <p className="font-medium">
              <OwnerName owner={conflict.change.owner} apex={apex} /> {conflict.change.type}
            </p>
            <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 font-mono text-xs [&>dd]:break-all [&>dt]:text-muted">
              <dt>you saw</dt>
              <dd>{conflict.change.before ? `${conflict.change.before.ttl} ${conflict.change.before.rdata}` : "—"}</dd>
              <dt>now</dt>
              <dd>{conflict.current ? `${conflict.current.ttl} ${conflict.current.rdatas.join(" · ")}` : "nothing"}</dd>
              <dt>yours</dt>
              <dd>
                {conflict.change.kind === "remove" ? "removed" : `${conflict.change.ttl} ${conflict.change.rdata}`}
              </dd>
            </dl>
            <p className="mt-1 flex flex-wrap gap-2">
              <Button size="sm" onClick={() => settle([conflict], true)}>
                Put mine on top
              </Button>
              <Button size="sm" onClick={() => settle([conflict], false)}>
                Keep theirs
              </Button>
            </p>
          </li>
        ))}
      </ul>
      {conflicts.length > 1 && (
        <p className="mt-3 flex flex-wrap gap-2 border-line border-t pt-2">
          <Button size="sm" onClick={() => settle(conflicts, true)}>
            Put all of mine on top
          </Button>
          <Button size="sm" onClick={() => settle(conflicts, false)}>
            Keep all of theirs
          </Button>
        </p>
      )}
    </Banner>
  );
}
