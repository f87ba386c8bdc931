"use client";

import { RotateCcw } from "lucide-react";
import { useRouter } from "next/navigation";
import { toast } from "sonner";
import { useAction } from "@/components/live/use-action";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { zonePath } from "@/components/zones/zone-path";
import { purgeDeleted, restoreDeleted } from "./actions";

interface BinActionsProps {
  name: string;
  displayName: string;
  mayRestore: boolean;
  mayPurge: boolean;
}

/** What can be done with a deleted zone. */
export function BinActions({ name, displayName, mayRestore, mayPurge }: BinActionsProps) {
  const router = useRouter();
  const restore = useAction(restoreDeleted, {
    onSuccess: () => {
      toast.success(`${displayName} is back.`, {
        action: { label: "Open it", onClick: () => router.push(zonePath(name)) },
      });
      router.refresh();
    },
  });
  const purge = useAction(purgeDeleted, {
    onSuccess: () => {
      toast.success(`${displayName} is gone.`);
      router.refresh();
    },
  });
  const plainName = name.replace(/(?<=.)\.$/, "");
  return (
    <div className="flex justify-end gap-2">
      {mayRestore && (
        <Button size="sm" pending={restore.pending} onClick={() => void restore.run({ name })}>
          <RotateCcw aria-hidden="true" /> Restore
          <span className="sr-only"> {displayName}</span>
        </Button>
      )}
      {mayPurge && (
        <ConfirmDialog
          trigger={
            <Button size="sm" variant="ghost">
              Delete for good
              <span className="sr-only"> {displayName}</span>
            </Button>
          }
          title={
            <>
              Delete <bdi className="break-all">{displayName}</bdi> for good?
            </>
          }
          description="Its records and its whole history are removed from this server. This cannot be undone."
          confirmLabel="Delete for good"
          typed={plainName}
          onConfirm={async () => (await purge.run({ name })) !== undefined}
        />
      )}
    </div>
  );
}
