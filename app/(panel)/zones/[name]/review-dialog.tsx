"use client";

import { useEffect, useEffectEvent, useState } from "react";
import { toast } from "sonner";
import { toastActionError, useAction } from "@/components/live/use-action";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { Dialog, DialogContent } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Kbd } from "@/components/ui/kbd";
import { Skeleton } from "@/components/ui/skeleton";
import { changeRisks } from "@/components/zones/change-risks";
import { DiffView } from "@/components/zones/diff-view";
import { ProblemList } from "@/components/zones/problem-list";
import { changesOfEdits, type StagedEdit } from "@/components/zones/staged-edits";
import { TargetNotes } from "@/components/zones/target-notes";
import { useKeysInDialog } from "@/components/zones/use-keys";
import type { ChangePreview } from "@/lib/zones/queries-preview";
import { previewEdits, saveEdits } from "./actions";
import { ChangesBetween } from "./changes-between";
import { ConflictList } from "./conflict-list";

interface ReviewDialogProps {
  name: string;
  recordCount: number;
  edits: readonly StagedEdit[];
  baseSeq: number;
  onEdits: (edits: readonly StagedEdit[]) => void;
  onClose: () => void;
  onSaved: (ref: { seq: number; serial: number }) => void;
}

/** Every staged edit as one change, as the server would save it: what differs, what is wrong, what others did meanwhile. */
export function ReviewDialog({ name, recordCount, edits, baseSeq, onEdits, onClose, onSaved }: ReviewDialogProps) {
  const [preview, setPreview] = useState<ChangePreview | null>(null);
  const [reason, setReason] = useState("");
  const [isAgreed, setAgreed] = useState(false);
  const changes = changesOfEdits(edits);
  const look = useAction(previewEdits, { onSuccess: setPreview });
  const save = useAction(saveEdits, {
    onSuccess: (ref) => {
      toast.success(`Saved as serial ${ref.serial}.`);
      onSaved(ref);
    },
    onError: (error) => {
      // Somebody saved between this review and the click: review again, on what is there now.
      if (error.code !== "conflict" && error.code !== "invalid-input") return false;
      toastActionError(error);
      void look.run({ name, changes, baseSeq });
      return true;
    },
  });

  const key = JSON.stringify(changes);
  const review = useEffectEvent(() => {
    if (changes.length === 0) onClose();
    else void look.run({ name, changes, baseSeq }).then((found) => found ?? onClose());
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: a review belongs to the edits it was made for.
  useEffect(() => review(), [key]);

  const risks = preview ? changeRisks(preview.diff, name, recordCount) : [];
  const errors = preview?.problems.filter((problem) => problem.severity === "error") ?? [];
  const isBlocked =
    !preview || look.pending || errors.length > 0 || preview.conflicts.length > 0 || (risks.length > 0 && !isAgreed);
  const submit = () => {
    if (!isBlocked && !save.pending) void save.run({ name, changes, baseSeq: preview.currentSeq, reason });
  };
  useKeysInDialog({ "mod+s": submit });

  return (
    <Dialog open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <DialogContent
        size="lg"
        title="Review changes"
        description="Everything below is saved as one change with one new serial."
        footer={
          <>
            <Button onClick={onClose}>Keep editing</Button>
            <Button variant="primary" type="submit" form="review" disabled={isBlocked} pending={save.pending}>
              Save <Kbd keys="Ctrl+S" />
            </Button>
          </>
        }
      >
        {!preview ? (
          <div aria-busy="true" className="flex flex-col gap-2">
            <Skeleton className="w-1/3" />
            <Skeleton className="h-24" />
          </div>
        ) : (
          <form
            id="review"
            onSubmit={(event) => {
              event.preventDefault();
              submit();
            }}
            className="flex flex-col gap-4"
          >
            {preview.between && (
              <ChangesBetween between={preview.between} apex={name} hasConflicts={preview.conflicts.length > 0} />
            )}
            {preview.conflicts.length > 0 && (
              <ConflictList conflicts={preview.conflicts} edits={edits} apex={name} onEdits={onEdits} />
            )}
            {preview.problems.length > 0 && (
              <Banner
                tone={errors.length > 0 ? "bad" : "warn"}
                title={errors.length > 0 ? "This cannot be saved yet" : "This can be saved, but look at it"}
                live
              >
                <ProblemList problems={preview.problems} />
              </Banner>
            )}
            <TargetNotes targets={preview.targetNotes} />
            <DiffView diff={preview.diff} apex={name} label="Changes" />
            {risks.length > 0 && (
              <Banner tone="warn" title="A change that can hurt">
                <ul className="list-disc pl-4">
                  {risks.map((risk) => (
                    <li key={risk}>{risk}</li>
                  ))}
                </ul>
                <Checkbox
                  className="mt-2"
                  label="I mean it"
                  checked={isAgreed}
                  onChange={(event) => setAgreed(event.target.checked)}
                />
              </Banner>
            )}
            <Field label="Reason" required={false} help="Shown in the zone's history.">
              <Input value={reason} maxLength={500} onChange={(event) => setReason(event.target.value)} />
            </Field>
          </form>
        )}
      </DialogContent>
    </Dialog>
  );
}
