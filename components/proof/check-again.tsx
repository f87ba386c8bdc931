"use client";

import { ScanSearch } from "lucide-react";
import { toast } from "sonner";
import { checkAgain } from "@/app/(panel)/proof/actions";
import { useAction } from "@/components/live/use-action";
import { Button } from "@/components/ui/button";
import { IconButton } from "@/components/ui/icon-button";

interface CheckAgainProps {
  /** The zone, as stored; left out: every zone of the nameserver. */
  zone?: string;
  /** The member, null for this server's own nameserver; left out: every nameserver of the zone. */
  memberId?: number | null;
  /** What is asked, for those who only hear the button. */
  label: string;
  /** In a row an icon is enough. */
  isSmall?: boolean;
}

/** Has a nameserver asked now what it serves. The row tells what it answered, as soon as it did. */
export function CheckAgain({ zone, memberId, label, isSmall = false }: CheckAgainProps) {
  const check = useAction(checkAgain, { onSuccess: () => toast.success("It is being asked.") });
  const ask = () =>
    check.run({ ...(zone === undefined ? {} : { zone }), ...(memberId === undefined ? {} : { memberId }) });
  if (isSmall)
    return (
      <IconButton size="icon-sm" label={label} pending={check.pending} onClick={ask}>
        {check.pending ? null : <ScanSearch />}
      </IconButton>
    );
  return (
    <Button size="sm" pending={check.pending} onClick={ask} aria-label={label}>
      {!check.pending && <ScanSearch aria-hidden="true" />} Check again
    </Button>
  );
}
