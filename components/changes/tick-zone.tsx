"use client";

import { useRouter } from "next/navigation";
import { useOptimistic, useTransition } from "react";
import { tickPlanned } from "@/app/(panel)/changes/actions";
import { useAction } from "@/components/live/use-action";
import { Checkbox } from "@/components/ui/checkbox";

interface TickZoneProps {
  id: number;
  name: string;
  displayName: string;
  isTicked: boolean;
}

/** Takes a zone of a plan in, or leaves it out. Kept on the server, so that it holds over pages. */
export function TickZone({ id, name, displayName, isTicked }: TickZoneProps) {
  const router = useRouter();
  const tick = useAction(tickPlanned);
  const [, begin] = useTransition();
  const [shown, show] = useOptimistic(isTicked);
  return (
    <Checkbox
      label={`Change ${displayName}`}
      hideLabel
      checked={shown}
      onChange={({ target }) => {
        const wanted = target.checked;
        begin(async () => {
          show(wanted);
          await tick.run({ id, names: [name], isTicked: wanted });
          router.refresh();
        });
      }}
    />
  );
}
