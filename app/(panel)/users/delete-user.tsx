"use client";

import { useState } from "react";
import { toast } from "sonner";
import { AccountField } from "@/components/accounts/account-field";
import { useAction } from "@/components/live/use-action";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { RadioGroup } from "@/components/ui/radio-group";
import type { UserBelongings } from "@/lib/users/delete-user";
import { removeUser } from "./actions";

interface DeleteUserProps {
  userId: number;
  belongings: UserBelongings;
  /** Names to choose from for the zones. */
  accounts: readonly string[];
  onClose: () => void;
}

const count = (number: number, one: string, many: string) => `${number} ${number === 1 ? one : many}`;

/** Asks where the zones go, and says what goes with the account. */
export function DeleteUser({ userId, belongings, accounts, onClose }: DeleteUserProps) {
  const { username, zones, resting, members, tokens } = belongings;
  const [zonesTo, setZonesTo] = useState<"recycle-bin" | "account">("account");
  const [account, setAccount] = useState("root");
  const remove = useAction(removeUser, { onError: ({ fields }) => fields !== undefined });
  const fieldError = remove.error?.fields?.account;
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={`Delete ${username}?`}
      description="The account cannot be brought back."
      typed={username}
      confirmLabel="Delete the account"
      onConfirm={async () => {
        const done = await remove.run({ userId, zonesTo, account });
        if (!done) return false;
        toast.success(`${username} was deleted.`);
      }}
    >
      <ul className="list-disc space-y-1 pl-5">
        <li>{count(tokens, "API token goes", "API tokens go")} with it: whoever uses them is refused from then on.</li>
        <li>
          {count(members, "server of its own cluster goes", "servers of its own cluster go")} with it. The zones there
          stay as they are and grow old.
        </li>
        <li>{count(resting, "zone of its recycle bin goes", "zones of its recycle bin go")} where its zones go.</li>
      </ul>
      <RadioGroup
        legend={count(zones, "zone goes", "zones go")}
        name="zonesTo"
        value={zonesTo}
        onChange={setZonesTo}
        options={[
          { value: "account", label: "to another account", help: "They stay served." },
          {
            value: "recycle-bin",
            label: "to your recycle bin",
            help: "Every nameserver of this server's cluster stops serving them. You can restore them there.",
          },
        ]}
      />
      {zonesTo === "account" && (
        <AccountField
          label="Account that gets the zones"
          accounts={accounts.filter((name) => name !== username)}
          value={account}
          onChange={setAccount}
          error={fieldError}
        />
      )}
    </ConfirmDialog>
  );
}
