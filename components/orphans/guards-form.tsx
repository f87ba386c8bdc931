"use client";

import { useState } from "react";
import { toast } from "sonner";
import { saveGuards } from "@/app/(panel)/orphans/actions";
import { useAction } from "@/components/live/use-action";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";

/** How long a find is only listed, and from how many removals on a plan says that it takes many zones away. */
export function GuardsForm(props: { mostRemovals: number; orphanGraceHours: number }) {
  const [removals, setRemovals] = useState(String(props.mostRemovals));
  const [hours, setHours] = useState(String(props.orphanGraceHours));
  const save = useAction(saveGuards, {
    onSuccess: () => toast.success("Saved."),
    onError: ({ fields }) => fields !== undefined,
  });
  return (
    <form
      className="flex flex-col items-start gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        void save.run({ mostRemovals: removals, orphanGraceHours: hours });
      }}
    >
      <Field
        label="Grace period of orphaned zones, in hours"
        help="Before it ends a find is only listed as new."
        error={save.error?.fields?.orphanGraceHours}
      >
        <Input inputMode="numeric" className="w-24" value={hours} onChange={(event) => setHours(event.target.value)} />
      </Field>
      <Field
        label="Removals that a plan may hold without saying so at each"
        help="Every removal waits for approval. Beyond this number each of them is marked as one of many as well."
        error={save.error?.fields?.mostRemovals}
      >
        <Input
          inputMode="numeric"
          className="w-24"
          value={removals}
          onChange={(event) => setRemovals(event.target.value)}
        />
      </Field>
      <Button type="submit" variant="primary" pending={save.pending}>
        Save
      </Button>
    </form>
  );
}
