"use client";

import { Trash2 } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { toast } from "sonner";
import { useAction } from "@/components/live/use-action";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { removeZone } from "./actions";

interface DeleteZoneProps {
  name: string;
  displayName: string;
  /** How many nameservers serve it. */
  nameservers: number;
  recycleBinDays: number;
}

/** Says what a deletion does before it is done. */
export function DeleteZone({ name, displayName, nameservers, recycleBinDays }: DeleteZoneProps) {
  const router = useRouter();
  const [reason, setReason] = useState("");
  const { run } = useAction(removeZone);
  const remove = async () => {
    if (!(await run({ name, reason }))) return false;
    toast.success(`${displayName} is in the recycle bin.`);
    router.push("/zones");
  };
  const who = nameservers === 1 ? "One nameserver stops" : `All ${nameservers} nameservers stop`;
  return (
    <ConfirmDialog
      trigger={
        <Button>
          <Trash2 aria-hidden="true" /> Delete
        </Button>
      }
      title={
        <>
          Delete <bdi className="break-all">{displayName}</bdi>?
        </>
      }
      description={`${who} answering for it at once. It rests in the recycle bin for ${recycleBinDays} days, from which it can be restored as it is now.`}
      confirmLabel="Delete zone"
      onConfirm={remove}
    >
      <Field label="Reason" required={false}>
        <Input value={reason} maxLength={500} onChange={(event) => setReason(event.target.value)} />
      </Field>
    </ConfirmDialog>
  );
}
