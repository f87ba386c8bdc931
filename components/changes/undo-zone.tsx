"use client";

import { useRouter } from "next/navigation";
import { undoChangeOfZone } from "@/app/(panel)/changes/actions";
import { useAction } from "@/components/live/use-action";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";

interface UndoZoneProps {
  id: number;
  name: string;
  displayName: string;
  seq: number;
  mode: "merge" | "restore";
}

const WORDS = {
  merge: {
    button: "Undo, keep later edits",
    title: "Undo it, and keep the later edits?",
    description: "Records that only the change set touched become what they were before. Every other record stays.",
  },
  restore: {
    button: "Restore as it was before",
    title: "Restore the zone as it was before?",
    description:
      "The zone becomes what it was before the change set. What came later is no longer in it, and stays in its history.",
  },
} as const;

/** Takes a change set back for one zone that was edited since. */
export function UndoZone({ id, name, displayName, seq, mode }: UndoZoneProps) {
  const router = useRouter();
  const undo = useAction(undoChangeOfZone, { onSuccess: ({ id: undoing }) => router.push(`/changes/${undoing}`) });
  const { button, title, description } = WORDS[mode];
  return (
    <ConfirmDialog
      trigger={
        <Button size="sm" aria-label={`${button}: ${displayName}`}>
          {button}
        </Button>
      }
      title={title}
      description={description}
      confirmLabel={button}
      tone="primary"
      onConfirm={async () => (await undo.run({ id, name, mode, seq })) !== undefined}
    />
  );
}
