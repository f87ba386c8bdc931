"use client";

import { Activity } from "lucide-react";
import { toast } from "sonner";
import { askClusterAgain } from "@/app/(panel)/cluster/map/actions";
import { useAction } from "@/components/live/use-action";
import { Button } from "@/components/ui/button";

/** Asks every member for its links now, not only at the next round. */
export function AskAgain() {
  const ask = useAction(askClusterAgain, { onSuccess: () => toast.success("Every server was asked.") });
  return (
    <Button pending={ask.pending} onClick={() => ask.run({})}>
      {!ask.pending && <Activity />} Ask again
    </Button>
  );
}
