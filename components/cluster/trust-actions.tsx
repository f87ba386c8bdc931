"use client";

import { useState } from "react";
import { toast } from "sonner";
import { checkTrustNow, setUpReverseTrust } from "@/app/(panel)/cluster/actions";
import { useAction } from "@/components/live/use-action";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose, DialogContent } from "@/components/ui/dialog";
import { Link } from "@/components/ui/link";
import type { TrustSetup } from "@/lib/trust/set-up";
import type { Trust } from "@/lib/trust/trust-state";
import { TrustResult } from "./trust-result";
import { useHydrated } from "./use-hydrated";

interface TrustActionsProps {
  id: number;
  name: string;
  trust: Pick<Trust, "remedy" | "theirs" | "canSetUp">;
  /** False: the page says what root has to grant first. */
  maySetUp: boolean;
}

const CREDENTIAL = { "enter-token": "API token", "enter-key": "API key" } as const;

/** What mends a trust, one click each; what was done is shown. */
export function TrustActions({ id, name, trust, maySetUp }: TrustActionsProps) {
  const [result, setResult] = useState<TrustSetup | null>(null);
  const isHydrated = useHydrated();
  const setUp = useAction(setUpReverseTrust, { onSuccess: setResult });
  const check = useAction(checkTrustNow, { onSuccess: () => toast.success(`${name} was asked.`) });
  const credential = trust.remedy === null || trust.remedy === "set-up" ? undefined : CREDENTIAL[trust.remedy];
  const canSetUp = maySetUp && trust.canSetUp && trust.theirs.state !== "works" && credential === undefined;
  return (
    <div className="flex flex-wrap gap-1">
      {credential !== undefined && (
        <Button size="sm" variant="primary" asChild>
          <Link href={`/cluster/${id}/edit`} aria-label={`Enter a new ${credential} of ${name}`}>
            Enter a new {credential}
          </Link>
        </Button>
      )}
      {canSetUp && (
        <Button
          size="sm"
          variant={trust.remedy === "set-up" ? "primary" : "ghost"}
          aria-label={`Set up reverse trust with ${name}`}
          pending={setUp.pending}
          disabled={!isHydrated}
          onClick={() => setUp.run({ id })}
        >
          Set up reverse trust
        </Button>
      )}
      {trust.canSetUp && (
        <Button
          size="sm"
          aria-label={`Check the trust with ${name} again`}
          pending={check.pending}
          disabled={!isHydrated}
          onClick={() => check.run({ id })}
        >
          Check again
        </Button>
      )}
      <Dialog open={result !== null} onOpenChange={(open) => !open && setResult(null)}>
        <DialogContent
          title={`Reverse trust with ${name}`}
          footer={
            <DialogClose asChild>
              <Button variant="primary">Close</Button>
            </DialogClose>
          }
        >
          {result && <TrustResult trust={result} />}
        </DialogContent>
      </Dialog>
    </div>
  );
}
