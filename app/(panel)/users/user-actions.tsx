"use client";

import { Ban, CirclePlay, Ellipsis, KeyRound, SlidersHorizontal, Trash2 } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import { useAction } from "@/components/live/use-action";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Menu, MenuContent, MenuItem, MenuTrigger } from "@/components/ui/dropdown-menu";
import { IconButton } from "@/components/ui/icon-button";
import { SecretOnce } from "@/components/ui/secret-once";
import type { UserRow } from "@/lib/users/service";
import { askDeletion, resetUserPassword, suspendUser } from "./actions";
import { DeleteUser } from "./delete-user";
import { EditUser } from "./edit-user";

interface UserActionsProps {
  user: UserRow;
}

/** What root does with a reseller. */
export function UserActions({ user }: UserActionsProps) {
  const { id: userId, username } = user;
  const isSuspended = user.suspendedAt !== null;
  const [asked, setAsked] = useState<"suspend" | "reset" | "edit" | "delete" | null>(null);
  const deletion = useAction(askDeletion, { onSuccess: () => setAsked("delete") });
  const [found, setFound] = useState<Awaited<ReturnType<typeof deletion.run>>>();
  const askToDelete = async () => setFound(await deletion.run({ userId }));
  const [made, setMade] = useState<string | null>(null);
  const suspension = useAction(suspendUser);
  const reset = useAction(resetUserPassword, { onSuccess: ({ madePassword }) => setMade(madePassword) });
  const suspend = async (next: boolean) => {
    const done = await suspension.run({ userId, isSuspended: next });
    if (done) toast.success(next ? `${username} is suspended.` : `${username} can sign in again.`);
  };
  return (
    <>
      <Menu>
        <MenuTrigger asChild>
          <IconButton label={`Actions for ${username}`} size="icon-sm" pending={suspension.pending || deletion.pending}>
            <Ellipsis />
          </IconButton>
        </MenuTrigger>
        <MenuContent>
          <MenuItem icon={<SlidersHorizontal aria-hidden="true" />} onSelect={() => setAsked("edit")}>
            Privileges and limits
          </MenuItem>
          <MenuItem icon={<KeyRound aria-hidden="true" />} onSelect={() => setAsked("reset")}>
            Reset password
          </MenuItem>
          {isSuspended ? (
            <MenuItem icon={<CirclePlay aria-hidden="true" />} onSelect={() => void suspend(false)}>
              Lift suspension
            </MenuItem>
          ) : (
            <MenuItem icon={<Ban aria-hidden="true" />} tone="danger" onSelect={() => setAsked("suspend")}>
              Suspend
            </MenuItem>
          )}
          <MenuItem icon={<Trash2 aria-hidden="true" />} tone="danger" onSelect={() => void askToDelete()}>
            Delete
          </MenuItem>
        </MenuContent>
      </Menu>
      <ConfirmDialog
        open={asked === "suspend"}
        onOpenChange={() => setAsked(null)}
        title={`Suspend ${username}?`}
        description="They are signed out at once, and their password and API tokens no longer work. Their zones stay as they are and stay served. You can lift the suspension at any time."
        confirmLabel="Suspend"
        onConfirm={() => suspend(true)}
      />
      <ConfirmDialog
        open={asked === "reset"}
        onOpenChange={() => setAsked(null)}
        title={`Reset the password of ${username}?`}
        description="A new random password is made and shown to you once. They are signed out everywhere."
        confirmLabel="Reset password"
        tone="primary"
        onConfirm={() => reset.run({ userId })}
      />
      {asked === "edit" && <EditUser user={user} onClose={() => setAsked(null)} />}
      {asked === "delete" && found && <DeleteUser userId={userId} {...found} onClose={() => setAsked(null)} />}
      <SecretOnce title={`New password of ${username}`} label="password" secret={made} onClose={() => setMade(null)} />
    </>
  );
}
