"use client";

import type { ReactNode } from "react";
import { toast } from "sonner";
import { synchronizeAgain } from "@/app/(panel)/cluster/actions";
import { useAction } from "@/components/live/use-action";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";

/** Asks, with what it means, before every zone is compared with a member again. */
export function ResyncMember({ id, name, trigger }: { id: number; name: string; trigger: ReactNode }) {
  const resync = useAction(synchronizeAgain, {
    onSuccess: () => toast.success(`All zones are compared with ${name} again.`),
  });
  return (
    <ConfirmDialog
      trigger={trigger}
      tone="primary"
      title={`Synchronize all zones with ${name} again?`}
      description="Every zone is compared with what the server has, and only the differences are sent. Nothing is wiped, and edits made meanwhile go first."
      confirmLabel="Synchronize all zones"
      onConfirm={() => resync.run({ id })}
    />
  );
}
