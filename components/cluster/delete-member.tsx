"use client";

import type { ReactNode } from "react";
import { toast } from "sonner";
import { removeMember } from "@/app/(panel)/cluster/actions";
import { useAction } from "@/components/live/use-action";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";

interface DeleteMemberProps {
  id: number;
  name: string;
  /** A hosted DNS service: it has a key, never calls, and has no cluster of its own. */
  isService: boolean;
  trigger: ReactNode;
  onDeleted?: () => void;
}

/** Asks, with what it means, before a server leaves the cluster. */
export function DeleteMember({ id, name, isService, trigger, onDeleted }: DeleteMemberProps) {
  const remove = useAction(removeMember, {
    onSuccess: () => {
      toast.success(`${name} was deleted from the cluster.`);
      onDeleted?.();
    },
  });
  return (
    <ConfirmDialog
      trigger={trigger}
      title={`Delete ${name} from the DNS cluster?`}
      description="Its records will no longer synchronize with the other servers of the cluster."
      confirmLabel={isService ? "Delete service" : "Delete server"}
      onConfirm={async () => {
        // A refusal keeps the dialog open; its reason is in the toast.
        await remove.run({ id });
      }}
    >
      <ul className="list-disc space-y-1 pl-5">
        <li>This server sends it nothing more and takes nothing more from it.</li>
        <li>The zones that it has stay there and go on being answered, as they are now. They will grow old.</li>
        {isService ? (
          <li>Its API key is forgotten here. Revoke it at the service too.</li>
        ) : (
          <>
            <li>Zones that came from it stay here.</li>
            <li>If it has this server in its own DNS cluster, delete this server there too.</li>
            <li>The API token that a reverse trust made for it here is revoked.</li>
            <li>Its API token is forgotten here. Revoke it on the remote server too.</li>
          </>
        )}
      </ul>
    </ConfirmDialog>
  );
}
