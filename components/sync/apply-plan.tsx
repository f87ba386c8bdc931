"use client";

import { applySyncPlan } from "@/app/(panel)/synchronize/actions";
import { useAction } from "@/components/live/use-action";
import { Button } from "@/components/ui/button";
import type { JobView } from "@/lib/sync-jobs/queries";
import { ApprovePlan } from "./approve-plan";
import { DiscardPlan } from "./discard-plan";
import { counted } from "./sync-words";

type Job = Pick<
  JobView,
  "id" | "choice" | "planHash" | "counts" | "approval" | "approvedBy" | "approvedAt" | "marked" | "marks" | "actorName"
>;

/** Agrees to a plan, or gives it up. Marked steps are approved first, or left out. */
export function ApplyPlan({ job }: { job: Job }) {
  const { id, planHash, counts, marked } = job;
  const apply = useAction(applySyncPlan);
  const run = (choice?: "confirm" | "leave-out") => void apply.run({ id, planHash: planHash ?? "", marked: choice });
  const harmless = counts.planned - marked;
  const waits = marked > 0 && job.approval !== "approved";
  return (
    <div className="flex flex-col items-start gap-3">
      {marked > 0 && <ApprovePlan job={job} />}
      <div className="flex flex-wrap gap-2">
        {!waits && (
          <Button
            variant="primary"
            pending={apply.pending}
            disabled={planHash === null}
            onClick={() => run(marked > 0 ? "confirm" : undefined)}
          >
            Synchronize {counted(counts.planned, "step")}
          </Button>
        )}
        {marked > 0 && harmless > 0 && (
          <Button
            variant={waits ? "primary" : "secondary"}
            pending={apply.pending}
            disabled={planHash === null}
            onClick={() => run("leave-out")}
          >
            Leave the marked ones out, synchronize {counted(harmless, "step")}
          </Button>
        )}
        {!waits && <DiscardPlan id={id} />}
      </div>
    </div>
  );
}
