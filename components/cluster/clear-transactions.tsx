"use client";

import { Trash2 } from "lucide-react";
import { useRouter } from "next/navigation";
import { toast } from "sonner";
import { clearTransactions } from "@/app/(panel)/cluster/[id]/debug/actions";
import { useAction } from "@/components/live/use-action";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";

/** Asks before the records of debug mode are thrown away. */
export function ClearTransactions({ id, name }: { id: number; name: string }) {
  const router = useRouter();
  const clear = useAction(clearTransactions, {
    onSuccess: () => {
      toast.success("The recorded transactions were deleted.");
      router.replace(`/cluster/${id}/debug`);
    },
  });
  return (
    <ConfirmDialog
      trigger={
        <Button variant="danger">
          <Trash2 /> Clear
        </Button>
      }
      title={`Delete the recorded transactions with ${name}?`}
      description="They cannot be brought back; download them first if you need them. Debug mode stays as it is."
      confirmLabel="Delete transactions"
      onConfirm={async () => {
        await clear.run({ id });
      }}
    />
  );
}
