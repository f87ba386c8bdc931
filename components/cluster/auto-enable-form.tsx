"use client";

import { useState } from "react";
import { toast } from "sonner";
import { saveAutoEnable } from "@/app/(panel)/cluster/actions";
import { useAction } from "@/components/live/use-action";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { useHydrated } from "./use-hydrated";

interface AutoEnableFormProps {
  accountId: number;
  autoEnable: boolean;
}

/** Whether an account's own servers, once disabled, are enabled when they answer again. The threshold is the server's. */
export function AutoEnableForm({ accountId, autoEnable }: AutoEnableFormProps) {
  const [choice, setChoice] = useState(autoEnable);
  const isHydrated = useHydrated();
  const save = useAction(saveAutoEnable, { onSuccess: () => toast.success("The choice was saved.") });
  return (
    <form
      className="flex flex-col items-start gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        void save.run({ accountId, autoEnable: choice });
      }}
    >
      <Checkbox
        name="autoEnable"
        label="Re-enable automatically when it answers again"
        help="A disabled server of this cluster is asked now and then, less and less often, whether it answers. When it does it catches up, new edits first. Without this you enable it by hand."
        checked={choice}
        onChange={(event) => setChoice(event.target.checked)}
      />
      <Button type="submit" variant="primary" pending={save.pending} disabled={!isHydrated || choice === autoEnable}>
        Change
      </Button>
    </form>
  );
}
