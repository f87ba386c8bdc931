"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { toast } from "sonner";
import { keepThem, listThemAgain, removeThem, takeThemIn } from "@/app/(panel)/orphans/actions";
import { AccountField } from "@/components/accounts/account-field";
import { useAction } from "@/components/live/use-action";
import { counted } from "@/components/sync/sync-words";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import type { OrphanRow } from "@/lib/orphans/queries";

interface OrphanActionsProps {
  chosen: readonly OrphanRow[];
  accounts: readonly string[] | null;
  isKept: boolean;
  onDone: () => void;
}

/** What can be done with the chosen zones. What not all of them allow is not offered. */
export function OrphanActions({ chosen, accounts, isKept, onDone }: OrphanActionsProps) {
  const router = useRouter();
  const [reason, setReason] = useState("");
  const [account, setAccount] = useState("");
  const toPlan = ({ id }: { id: number }) => router.push(`/synchronize/${id}`);
  const remove = useAction(removeThem, { onSuccess: toPlan });
  const adopt = useAction(takeThemIn, { onSuccess: toPlan });
  const keep = useAction(keepThem, { onSuccess: ({ kept }) => toast.success(`${counted(kept, "zone")} kept.`) });
  const again = useAction(listThemAgain, {
    onSuccess: ({ listed }) => toast.success(`${counted(listed, "zone")} listed again.`),
  });
  const ids = chosen.map(({ id }) => id);
  const every = (may: (row: OrphanRow) => boolean) => chosen.length > 0 && chosen.every(may);
  const isHere = chosen.some(({ side }) => side === "here");
  const zones = counted(chosen.length, "zone");
  return (
    <div className="flex min-h-11 flex-wrap items-center gap-2 border-line border-b px-3 py-1.5">
      <p className="mr-auto text-muted text-xs" aria-live="polite">
        {chosen.length === 0 ? "Choose zones to see what can be done with them." : `${zones} chosen.`}
      </p>
      {every(({ mayRemove }) => mayRemove) && (
        <Button size="sm" pending={remove.pending} onClick={() => void remove.run({ ids })}>
          {isHere ? "Plan the removal" : "Remove there"}
        </Button>
      )}
      {every(({ mayAdopt }) => mayAdopt) && (
        <ConfirmDialog
          trigger={<Button size="sm">Take in here</Button>}
          title={`Take ${zones} in?`}
          description="They become zones of this server as they are there. You see the plan before anything is done."
          confirmLabel="Show the plan"
          tone="primary"
          onConfirm={async () => (await adopt.run({ ids, account: account.trim() })) !== undefined}
        >
          {accounts && (
            <AccountField
              label="Account that gets them"
              accounts={accounts}
              value={account}
              onChange={setAccount}
              error={adopt.error?.fields?.account}
            />
          )}
        </ConfirmDialog>
      )}
      {every(({ kept }) => kept === null) && (
        <ConfirmDialog
          trigger={<Button size="sm">Keep</Button>}
          title={`Keep ${zones} as they are?`}
          description="Nothing is changed anywhere. They are listed under Kept, and not counted any more."
          confirmLabel="Keep"
          tone="primary"
          onConfirm={async () => {
            const kept = await keep.run({ ids, reason });
            if (kept) onDone();
            return kept !== undefined;
          }}
        >
          <Field label="Reason" required error={keep.error?.fields?.reason}>
            <Input value={reason} onChange={(event) => setReason(event.target.value)} autoComplete="off" />
          </Field>
        </ConfirmDialog>
      )}
      {isKept && chosen.length > 0 && (
        <Button
          size="sm"
          pending={again.pending}
          onClick={async () => {
            if (await again.run({ ids })) onDone();
          }}
        >
          List again
        </Button>
      )}
    </div>
  );
}
