"use client";

import { type ReactNode, useState } from "react";
import { toast } from "sonner";
import { pauseServers } from "@/app/(panel)/cluster/actions";
import { useAction } from "@/components/live/use-action";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Field } from "@/components/ui/field";
import { PauseMinutes, USUAL_PAUSE } from "./pause-minutes";

/** Asks for how long, before a server is paused for maintenance. */
export function PauseMember({ id, name, trigger }: { id: number; name: string; trigger: ReactNode }) {
  const [minutes, setMinutes] = useState(USUAL_PAUSE);
  const pause = useAction(pauseServers, { onSuccess: () => toast.success(`${name} is paused.`) });
  return (
    <ConfirmDialog
      trigger={trigger}
      tone="primary"
      title={`Pause ${name} for maintenance?`}
      description="Nothing is sent to it and nothing is asked of it until then, and no failure counts. What changes meanwhile is sent when the pause ends. Its nameserver goes on answering with what it has."
      confirmLabel="Pause"
      onConfirm={async () => (await pause.run({ ids: [id], minutes })) !== undefined}
    >
      <Field label="Pause for">
        <PauseMinutes value={minutes} onChange={setMinutes} />
      </Field>
    </ConfirmDialog>
  );
}
