"use client";

import { useState } from "react";
import { toast } from "sonner";
import { pauseServers, resumeServers } from "@/app/(panel)/cluster/actions";
import { useAction } from "@/components/live/use-action";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { BULK_ROLE_FORM } from "./bulk-role-form";
import { PauseMinutes, USUAL_PAUSE } from "./pause-minutes";
import { useHydrated } from "./use-hydrated";

const servers = (count: number) => `${count} ${count === 1 ? "server" : "servers"}`;

/** A pause for the servers whose tick boxes in the table are ticked, and its end. */
export function BulkPause() {
  const [minutes, setMinutes] = useState(USUAL_PAUSE);
  const [problem, setProblem] = useState<string>();
  const isHydrated = useHydrated();
  const pause = useAction(pauseServers, {
    onSuccess: ({ changed }) => toast.success(`${servers(changed)} paused for maintenance.`),
  });
  const resume = useAction(resumeServers, {
    onSuccess: ({ changed }) => toast.success(`${servers(changed)} resumed.`),
  });
  const withSelected = async (work: (ids: number[]) => Promise<unknown>) => {
    const form = document.getElementById(BULK_ROLE_FORM) as HTMLFormElement;
    const ids = new FormData(form).getAll("ids").map(Number);
    setProblem(ids.length === 0 ? "Select servers in the table first." : undefined);
    if (ids.length > 0 && (await work(ids)) !== undefined) form.reset();
  };
  return (
    <div className="flex flex-wrap items-end gap-2 border-line border-t px-4 py-2">
      <Field
        label="Pause the selected servers for"
        error={problem}
        help="For planned maintenance: nothing is sent to them, and no failure counts."
      >
        <PauseMinutes value={minutes} onChange={setMinutes} disabled={!isHydrated} />
      </Field>
      <Button
        pending={pause.pending}
        disabled={!isHydrated}
        onClick={() => void withSelected((ids) => pause.run({ ids, minutes }))}
      >
        Pause selected
      </Button>
      <Button
        pending={resume.pending}
        disabled={!isHydrated}
        onClick={() => void withSelected((ids) => resume.run({ ids }))}
      >
        Resume selected
      </Button>
    </div>
  );
}
