"use client";

import { useState } from "react";
import { toast } from "sonner";
import { approveSync, keepWhatIsHere, rejectSync } from "@/app/(panel)/synchronize/actions";
import { useAction } from "@/components/live/use-action";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { ExactTime } from "@/components/ui/exact-time";
import type { JobView } from "@/lib/sync-jobs/queries";
import { counted, MARK_WORDS } from "./sync-words";

type Job = Pick<
  JobView,
  "id" | "choice" | "planHash" | "approval" | "approvedBy" | "approvedAt" | "marked" | "marks" | "actorName"
>;

/** What of a plan waits for somebody's yes, and why; or who gave it. Saying yes does nothing yet. */
export function ApprovePlan({ job }: { job: Job }) {
  const { marked, actorName } = job;
  // The page follows what happens: what comes while somebody is asked to confirm was not looked at.
  const [asked, setAsked] = useState<string | null>(null);
  const lookedAt = { id: job.id, planHash: asked ?? job.planHash ?? "" };
  const hold = (isOpen: boolean) => setAsked(isOpen ? job.planHash : null);
  const approve = useAction(approveSync);
  const reject = useAction(rejectSync);
  const keep = useAction(keepWhatIsHere, {
    onSuccess: ({ kept }) => toast.success(`${counted(kept, "zone")} kept, and sent from here.`),
  });
  if (job.approval === "approved")
    return (
      <Banner tone="ok" title={`${counted(marked, "marked step")} approved`}>
        By <bdi>{job.approvedBy}</bdi>
        {job.approvedAt !== null && (
          <>
            , <ExactTime at={job.approvedAt} />
          </>
        )}
        . What changed since on either side is left as it is.
      </Banner>
    );
  return (
    <>
      <Banner
        tone="warn"
        title={`${counted(marked, "step")} of this plan can do harm and ${marked === 1 ? "waits" : "wait"} for approval`}
      >
        <Reasons marks={job.marks} />
        <p className="mt-1">
          Asked for by <bdi>{actorName}</bdi>. Look at what is marked before you approve it.
        </p>
      </Banner>
      <div className="flex flex-wrap gap-2">
        <ConfirmDialog
          trigger={<Button variant="danger">Approve {counted(marked, "marked step")}</Button>}
          title={`Approve ${counted(marked, "step")} that can do harm?`}
          description="What you have looked at is approved, and nothing else: where either side changes before it is done, it is not done. Nothing happens yet."
          confirmLabel="Approve"
          onOpenChange={hold}
          onConfirm={async () => (await approve.run(lookedAt)) !== undefined}
        >
          <Reasons marks={job.marks} />
        </ConfirmDialog>
        <Button pending={reject.pending} onClick={() => void reject.run(lookedAt)}>
          Reject the plan
        </Button>
        {job.choice === "held-copies" && (
          <ConfirmDialog
            trigger={<Button>Keep what is here</Button>}
            title="Keep the zones as they are here?"
            description="The plan is rejected. Each of its zones gets a serial above the copy’s, is sent to the server and replaces the copy there. Zones that were changed here since are left as they are."
            confirmLabel="Keep what is here"
            onOpenChange={hold}
            onConfirm={async () => (await keep.run(lookedAt)) !== undefined}
          />
        )}
      </div>
    </>
  );
}

function Reasons({ marks }: Pick<Job, "marks">) {
  return (
    <ul className="list-inside list-disc">
      {marks.map(({ mark, steps }) => (
        <li key={mark}>
          {counted(steps, "step")}: {MARK_WORDS[mark]}
        </li>
      ))}
    </ul>
  );
}
