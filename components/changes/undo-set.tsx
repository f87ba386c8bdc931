"use client";

import { Undo2 } from "lucide-react";
import { useRouter } from "next/navigation";
import { undoChanges } from "@/app/(panel)/changes/actions";
import { useAction } from "@/components/live/use-action";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { counted } from "./change-words";

interface UndoSetProps {
  id: number;
  /** Zones that nothing came after. */
  open: number;
  /** Zones with later edits, which are left alone. */
  later: number;
}

/** Takes a change set back, as far as nothing came after it. */
export function UndoSet({ id, open, later }: UndoSetProps) {
  const router = useRouter();
  const undo = useAction(undoChanges, { onSuccess: ({ id: undoing }) => router.push(`/changes/${undoing}`) });
  const rest =
    later === 0
      ? ""
      : ` ${counted(later, "zone")} ${later === 1 ? "was" : "were"} edited since and ${later === 1 ? "is" : "are"} left alone: look at ${later === 1 ? "it" : "them"} one by one.`;
  return (
    <ConfirmDialog
      trigger={
        <Button variant="primary">
          <Undo2 aria-hidden="true" /> Undo
        </Button>
      }
      title={`Undo it for ${counted(open, "zone")}?`}
      description={`Each zone gets a new revision with what was there before, and a newer serial. The undoing can be undone.${rest}`}
      confirmLabel={`Undo ${counted(open, "zone")}`}
      tone="primary"
      onConfirm={async () => (await undo.run({ id })) !== undefined}
    />
  );
}
