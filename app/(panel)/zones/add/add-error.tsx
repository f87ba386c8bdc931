import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import type { ActionError } from "@/lib/auth/action-result";

/** Why a zone was not added; with a way on when only a member's copy is in the way. */
export function AddError({ error, pending, onAnyway }: { error: ActionError; pending: boolean; onAnyway: () => void }) {
  return (
    <Banner
      tone={isHeldElsewhere(error) ? "warn" : "bad"}
      live
      action={
        isHeldElsewhere(error) && (
          <Button size="sm" pending={pending} onClick={onAnyway}>
            Add it here anyway
          </Button>
        )
      }
    >
      {error.message}
    </Banner>
  );
}

function isHeldElsewhere({ details }: ActionError): boolean {
  return typeof details === "object" && details !== null && "heldBy" in details;
}
