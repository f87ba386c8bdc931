"use client";

import { useRouter } from "next/navigation";
import { toast } from "sonner";
import { keepAsItIs, restoreOtherCopy } from "@/app/(panel)/conflicts/actions";
import { useAction } from "@/components/live/use-action";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";

interface ConflictActionsProps {
  id: number;
  seq: number;
  displayName: string;
  /** The copy that lost is kept, and is a zone. */
  isKept: boolean;
}

/** Settles one conflict. */
export function ConflictActions({ id, seq, displayName, isKept }: ConflictActionsProps) {
  const router = useRouter();
  const restore = useAction(restoreOtherCopy, {
    onSuccess: () => {
      toast.success(`The other copy of ${displayName} is the newest one now.`);
      router.refresh();
    },
  });
  const keep = useAction(keepAsItIs, { onSuccess: () => router.refresh() });
  return (
    <div className="flex flex-wrap gap-2">
      {isKept && (
        <ConfirmDialog
          trigger={<Button variant="primary">Restore the other copy</Button>}
          title={
            <>
              Restore the other copy of <bdi className="break-all">{displayName}</bdi>?
            </>
          }
          description="The copy that lost becomes the newest revision, with a serial that is newer than both: it wins on every server. What the zone is now stays in its history."
          confirmLabel="Restore the other copy"
          tone="primary"
          onConfirm={async () => (await restore.run({ id, seq })) !== undefined}
        />
      )}
      <Button pending={keep.pending} onClick={() => void keep.run({ id })}>
        Keep as it is
      </Button>
    </div>
  );
}

/** Settles all that are open. */
export function KeepAll({ count }: { count: number }) {
  const router = useRouter();
  const keep = useAction(keepAsItIs, { onSuccess: () => router.refresh() });
  return (
    <ConfirmDialog
      trigger={<Button>Keep all as they are</Button>}
      title={`Keep ${count === 1 ? "this zone as it is" : `all ${count} as they are`}?`}
      description="No zone is changed. The copies that lost are still kept as long as revisions are, and are listed under “Settled”."
      confirmLabel="Keep as they are"
      tone="primary"
      onConfirm={async () => (await keep.run({})) !== undefined}
    />
  );
}
