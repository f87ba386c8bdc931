"use client";

import { useState } from "react";
import { applySyncPlan } from "@/app/(panel)/synchronize/actions";
import { useAction } from "@/components/live/use-action";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { RadioGroup } from "@/components/ui/radio-group";
import type { JobView } from "@/lib/sync-jobs/queries";
import { DiscardPlan } from "./discard-plan";
import { counted } from "./sync-words";

type Marked = "confirm" | "leave-out";

/** Agrees to a plan, or gives it up. Marked steps ask for a word of their own. */
export function ApplyPlan({ job }: { job: Pick<JobView, "id" | "planHash" | "counts" | "marked"> }) {
  const { id, planHash, counts, marked } = job;
  const [choice, setChoice] = useState<Marked>();
  const apply = useAction(applySyncPlan);
  const steps = choice === "leave-out" ? counts.planned - marked : counts.planned;
  return (
    <div className="flex flex-col items-start gap-3">
      {marked > 0 && (
        <>
          <Banner tone="warn" title={`${counted(marked, "step")} of this plan can do harm`}>
            Look at what is marked before you go on.
          </Banner>
          <RadioGroup<Marked>
            legend="What becomes of the marked steps"
            name="marked"
            onChange={setChoice}
            options={[
              { value: "leave-out", label: "Leave them out", help: "Everything else is done." },
              { value: "confirm", label: "Do them as well", help: "I have looked at each of them." },
            ]}
          />
        </>
      )}
      <div className="flex flex-wrap gap-2">
        <Button
          variant="primary"
          pending={apply.pending}
          disabled={planHash === null || (marked > 0 && choice === undefined)}
          onClick={() => void apply.run({ id, planHash: planHash ?? "", marked: marked > 0 ? choice : undefined })}
        >
          Synchronize {counted(steps, "step")}
        </Button>
        <DiscardPlan id={id} />
      </div>
    </div>
  );
}
