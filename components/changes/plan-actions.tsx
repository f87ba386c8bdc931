"use client";

import { useRouter } from "next/navigation";
import { applyChanges, cancelChanges, tickPlanned } from "@/app/(panel)/changes/actions";
import { useAction } from "@/components/live/use-action";
import { Button } from "@/components/ui/button";
import { counted } from "./change-words";

/** Agrees to a plan, or gives it up. @param zones how many are ticked */
export function PlanActions({ id, zones, leftOut }: { id: number; zones: number; leftOut: number }) {
  const router = useRouter();
  // A reseller is not told of plans: they change no zone.
  const options = { onSuccess: () => router.refresh() };
  const apply = useAction(applyChanges, options);
  const cancel = useAction(cancelChanges, options);
  const tick = useAction(tickPlanned, options);
  return (
    <div className="flex flex-wrap gap-2">
      <Button variant="primary" disabled={zones === 0} pending={apply.pending} onClick={() => void apply.run({ id })}>
        Change {counted(zones, "zone")}
      </Button>
      {zones > 0 && (
        <Button pending={tick.pending} onClick={() => void tick.run({ id, isTicked: false })}>
          Leave all out
        </Button>
      )}
      {leftOut > 0 && (
        <Button pending={tick.pending} onClick={() => void tick.run({ id, isTicked: true })}>
          Tick all
        </Button>
      )}
      <Button pending={cancel.pending} onClick={() => void cancel.run({ id })}>
        Discard the plan
      </Button>
    </div>
  );
}
