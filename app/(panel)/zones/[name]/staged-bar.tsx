"use client";

import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Kbd } from "@/components/ui/kbd";

interface StagedBarProps {
  count: number;
  /** They were staged on an earlier visit in this tab. */
  isRestored: boolean;
  /** The text cannot be read yet. */
  isBroken: boolean;
  onReview: () => void;
  onDiscard: () => void;
}

/** Stays in sight while there is something to save. */
export function StagedBar({ count, isRestored, isBroken, onReview, onDiscard }: StagedBarProps) {
  if (count === 0 && !isBroken) return null;
  const edits = count === 1 ? "1 edit" : `${count} edits`;
  return (
    <section
      aria-label="Not saved"
      className="sticky bottom-0 z-20 flex flex-wrap items-center gap-2 rounded-b-lg border-line border-t bg-raised px-3 py-2 shadow-raised"
    >
      <p role="status" className="mr-auto min-w-0">
        <span className="font-medium">{isBroken ? "The zone file has errors" : `${edits} not saved`}</span>
        <span className="text-muted">
          {isBroken ? " that have to be corrected first." : isRestored ? ", from before you left this page." : ""}
        </span>
      </p>
      <ConfirmDialog
        trigger={<Button>Discard</Button>}
        title={`Discard ${isBroken ? "what you typed" : edits}?`}
        description="The zone stays as it is saved. What you entered here is gone."
        confirmLabel="Discard"
        onConfirm={onDiscard}
      />
      <Button variant="primary" disabled={isBroken} onClick={onReview}>
        Review changes
        <span className="max-sm:hidden">
          <Kbd keys="Ctrl+S" />
        </span>
      </Button>
    </section>
  );
}
