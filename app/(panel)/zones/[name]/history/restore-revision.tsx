"use client";

import { RotateCcw } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { toast } from "sonner";
import { useAction } from "@/components/live/use-action";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { zonePath } from "@/components/zones/zone-path";
import { restoreOld } from "../actions";

/** Makes an older revision the newest again, after saying what that means. */
export function RestoreRevision(props: { name: string; seq: number; serial: number; size?: "sm" | "md" }) {
  const { name, seq, serial, size } = props;
  const router = useRouter();
  const [reason, setReason] = useState("");
  const { run } = useAction(restoreOld);
  const restore = async () => {
    const ref = await run({ name, seq, reason });
    if (!ref) return false;
    toast.success(`Restored as serial ${ref.serial}.`);
    router.push(zonePath(name, "/history"));
    router.refresh();
  };
  return (
    <ConfirmDialog
      trigger={
        <Button size={size}>
          <RotateCcw aria-hidden="true" /> Restore
        </Button>
      }
      title={`Restore the records of serial ${serial}?`}
      description="They become the newest revision, with a new serial, on every nameserver. Nothing is lost: what is current now stays in the history."
      confirmLabel="Restore"
      tone="primary"
      onConfirm={restore}
    >
      <Field label="Reason" required={false} help="Shown in the zone's history.">
        <Input value={reason} maxLength={500} onChange={(event) => setReason(event.target.value)} />
      </Field>
    </ConfirmDialog>
  );
}
