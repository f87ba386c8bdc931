"use client";

import { Ban, CirclePlay, Ellipsis, KeyRound } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import { useAction } from "@/components/live/use-action";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Menu, MenuContent, MenuItem, MenuTrigger } from "@/components/ui/dropdown-menu";
import { IconButton } from "@/components/ui/icon-button";
import { SecretOnce } from "@/components/ui/secret-once";
import { resetUserPassword, suspendUser } from "./actions";

interface UserActionsProps {
  userId: number;
  username: string;
  isSuspended: boolean;
}

/** What root does with a reseller. */
export function UserActions({ userId, username, isSuspended }: UserActionsProps) {
  const [asked, setAsked] = useState<"suspend" | "reset" | null>(null);
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
          <IconButton label={`Actions for ${username}`} size="icon-sm" pending={suspension.pending}>
            <Ellipsis />
          </IconButton>
        </MenuTrigger>
        <MenuContent>
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
      <SecretOnce title={`New password of ${username}`} label="password" secret={made} onClose={() => setMade(null)} />
    </>
  );
}
