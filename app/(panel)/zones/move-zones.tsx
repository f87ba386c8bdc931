"use client";

import { UserRoundPen } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { toast } from "sonner";
import { AccountField } from "@/components/accounts/account-field";
import { useAction } from "@/components/live/use-action";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { giveZones } from "./actions";

interface MoveZonesProps {
  names: readonly string[];
  accounts: readonly string[];
  onDone: () => void;
}

/** Gives the selected zones to another account. Root only. */
export function MoveZones({ names, accounts, onDone }: MoveZonesProps) {
  const router = useRouter();
  const [account, setAccount] = useState("");
  const move = useAction(giveZones, { onError: ({ fields }) => fields !== undefined });
  const count = names.length === 1 ? "1 zone" : `${names.length} zones`;
  const confirm = async () => {
    const done = await move.run({ names: [...names], account });
    if (!done) return false;
    if (done.moved > 0)
      toast.success(`${done.moved === 1 ? "1 zone belongs" : `${done.moved} zones belong`} to ${account} now.`, {
        action: { label: "Undo…", onClick: () => router.push(`/changes/${done.changeSetId}`) },
      });
    for (const { message } of done.refused.slice(0, 3)) toast.error(message);
    onDone();
    router.refresh();
  };
  return (
    <ConfirmDialog
      trigger={
        <Button size="sm">
          <UserRoundPen aria-hidden="true" /> Move
        </Button>
      }
      title={`Move ${count} to another account?`}
      description="The records stay as they are, and this server goes on serving them. Which members get them follows the cluster of the new account; copies at members that are no longer theirs stay there and are listed on the member's page."
      confirmLabel={`Move ${count}`}
      tone="primary"
      onConfirm={confirm}
    >
      <AccountField
        label="Account"
        accounts={accounts}
        value={account}
        onChange={setAccount}
        error={move.error?.fields?.account}
      />
    </ConfirmDialog>
  );
}
