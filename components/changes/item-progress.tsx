"use client";

import { X } from "lucide-react";
import { useRouter } from "next/navigation";
import { cancelChanges } from "@/app/(panel)/changes/actions";
import { useAction } from "@/components/live/use-action";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Progress } from "@/components/ui/progress";
import type { ChangeSetView } from "@/lib/change-sets/queries";
import { counted, ITEM_WORDS } from "./change-words";

const SHOWN = ["done", "planned", "unchanged", "failed", "left-out", "cancelled"] as const;

interface ItemProgressProps {
  id: number;
  counts: NonNullable<ChangeSetView["items"]>["counts"];
  isRunning: boolean;
}

/** How far a change set is that is carried out in slices. */
export function ItemProgress({ id, counts, isRunning }: ItemProgressProps) {
  const router = useRouter();
  const cancel = useAction(cancelChanges, { onSuccess: () => router.refresh() });
  const total = SHOWN.reduce((sum, state) => sum + counts[state], 0) - counts["left-out"];
  return (
    <div className="flex flex-col gap-3">
      {isRunning && <Progress label="Zones that are done" value={total - counts.planned} max={total} />}
      <p role="status">
        {SHOWN.filter((state) => counts[state] > 0)
          .map((state) => `${ITEM_WORDS[state].words}: ${counted(counts[state], "zone")}`)
          .join(" · ")}
      </p>
      {isRunning && (
        <ConfirmDialog
          trigger={
            <Button className="self-start">
              <X aria-hidden="true" /> Cancel
            </Button>
          }
          title="Stop here?"
          description="Zones that were changed stay changed, and can be undone. The others are left as they are."
          confirmLabel="Stop"
          onConfirm={async () => (await cancel.run({ id })) !== undefined}
        />
      )}
    </div>
  );
}
