"use client";

import { useRouter } from "next/navigation";
import { toast } from "sonner";
import { useAction } from "@/components/live/use-action";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { CONTEST_REMEDY } from "@/components/zones/contest-words";
import { markOneWriter } from "./actions";

/** Removes the mark of a zone that two servers wrote, once one of them is stopped. */
export function KeepOneWriter({ name, displayName }: { name: string; displayName: string }) {
  const router = useRouter();
  const { run } = useAction(markOneWriter, {
    onSuccess: () => {
      toast.success("The mark is removed.");
      router.refresh();
    },
  });
  return (
    <ConfirmDialog
      trigger={<Button size="sm">Keep one writer…</Button>}
      title={
        <>
          Does one server write <bdi className="break-all">{displayName}</bdi> now?
        </>
      }
      description={`${CONTEST_REMEDY} Then remove the mark: it comes back as soon as two servers write the zone again. Nothing else is changed, on this server or on another.`}
      confirmLabel="One server writes it now"
      tone="primary"
      onConfirm={async () => (await run({ name })) !== undefined}
    />
  );
}
