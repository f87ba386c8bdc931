"use client";

import { Pause, Play, X } from "lucide-react";
import { cancelSync, pauseSync, resumeSync } from "@/app/(panel)/synchronize/actions";
import { useAction } from "@/components/live/use-action";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Progress } from "@/components/ui/progress";
import type { JobView } from "@/lib/sync-jobs/queries";
import { StepWaits } from "./step-waits";
import { counted, ITEM_STATES } from "./sync-words";

type Job = Pick<JobView, "id" | "state" | "counts" | "total" | "waits">;

const SHOWN = ["done", "sent", "planned", "changed", "failed", "left-out", "cancelled"] as const;

/** How far a job is, and what can be done about it. */
export function JobProgress({ job }: { job: Job }) {
  const { id, state, counts, total, waits } = job;
  const pause = useAction(pauseSync);
  const resume = useAction(resumeSync);
  const cancel = useAction(cancelSync);
  const left = counts.planned + counts.sent;
  return (
    <div className="flex flex-col gap-3">
      <Progress label="Steps that ended" value={total - left} max={total} />
      <p>
        {SHOWN.filter((name) => counts[name] > 0)
          .map((name) => `${ITEM_STATES[name].words}: ${counted(counts[name], "step")}`)
          .join(" · ")}
      </p>
      <StepWaits waits={waits} />
      <div className="flex flex-wrap gap-2 empty:hidden">
        {state === "applying" && (
          <Button pending={pause.pending} onClick={() => void pause.run({ id })}>
            <Pause aria-hidden="true" /> Pause
          </Button>
        )}
        {state === "paused" && (
          <Button variant="primary" pending={resume.pending} onClick={() => void resume.run({ id })}>
            <Play aria-hidden="true" /> Go on
          </Button>
        )}
        {(state === "applying" || state === "paused") && (
          <ConfirmDialog
            trigger={
              <Button>
                <X aria-hidden="true" /> Cancel
              </Button>
            }
            title="Cancel this synchronization?"
            description="What was done stays. Zones that are on their way are still sent; the rest is left as it is."
            confirmLabel="Cancel the synchronization"
            onConfirm={async () => (await cancel.run({ id })) !== undefined}
          />
        )}
      </div>
    </div>
  );
}
