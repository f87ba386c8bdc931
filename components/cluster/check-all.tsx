"use client";

import { Activity } from "lucide-react";
import { toast } from "sonner";
import { checkAllNow } from "@/app/(panel)/cluster/actions";
import { useAction } from "@/components/live/use-action";
import { Button } from "@/components/ui/button";

/** Asks every member for its status now, not only at the next round. Answers appear as they come. */
export function CheckAll() {
  const check = useAction(checkAllNow, { onSuccess: () => toast.success("Every server was checked.") });
  return (
    <Button size="sm" pending={check.pending} onClick={() => check.run({})}>
      {!check.pending && <Activity />} Refresh
    </Button>
  );
}
