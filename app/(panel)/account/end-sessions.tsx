"use client";

import { leave } from "@/components/shell/leave";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";

export function EndSessions() {
  return (
    <ConfirmDialog
      trigger={<Button>Sign out everywhere</Button>}
      title="Sign out everywhere?"
      description="Every session of yours ends, this one too, in all browsers. API tokens go on working."
      confirmLabel="Sign out everywhere"
      tone="primary"
      onConfirm={() => leave(true)}
    />
  );
}
