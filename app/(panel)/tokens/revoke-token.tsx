"use client";

import { toast } from "sonner";
import { useAction } from "@/components/live/use-action";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { endToken } from "./actions";

export function RevokeToken({ name }: { name: string }) {
  const { run } = useAction(endToken, { onSuccess: () => toast.success(`The token ${name} was revoked.`) });
  return (
    <ConfirmDialog
      trigger={
        <Button size="sm" aria-label={`Revoke ${name}`}>
          Revoke
        </Button>
      }
      title={`Revoke the token ${name}?`}
      description="Whatever uses it is refused from its next request on. This cannot be undone; create a new token instead."
      confirmLabel="Revoke"
      onConfirm={async () => (await run({ name })) !== undefined}
    />
  );
}
