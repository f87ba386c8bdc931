"use client";

import { cancelSync } from "@/app/(panel)/synchronize/actions";
import { useAction } from "@/components/live/use-action";
import { Button } from "@/components/ui/button";

/** Gives up a plan that nothing was done of. */
export function DiscardPlan({ id }: { id: number }) {
  const cancel = useAction(cancelSync);
  return (
    <Button pending={cancel.pending} onClick={() => void cancel.run({ id })}>
      Discard the plan
    </Button>
  );
}
