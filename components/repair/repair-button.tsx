"use client";

import { Wrench } from "lucide-react";
import { useRouter } from "next/navigation";
import { repair } from "@/app/(panel)/synchronize/actions";
import { useAction } from "@/components/live/use-action";
import { Button } from "@/components/ui/button";

export interface RepairButtonProps {
  /** Only this zone (its apex); left out: every zone that differs there. */
  zone?: string;
  /** Only at this member, `LOCAL` (0) for the nameserver of this server; left out: everywhere. */
  memberId?: number;
  /** What is repaired, for those who do not see what it stands beside. */
  label: string;
  size?: "sm" | "md";
}

/** Asks for the plan that mends a difference, and goes to it: nothing is changed before it is agreed to there. */
export function RepairButton({ zone, memberId, label, size = "sm" }: RepairButtonProps) {
  const router = useRouter();
  const start = useAction(repair, { onSuccess: ({ id }) => router.push(`/synchronize/${id}`) });
  return (
    <Button size={size} pending={start.pending} onClick={() => void start.run({ zone, memberId })}>
      {!start.pending && <Wrench aria-hidden="true" />} Repair<span className="sr-only"> {label}</span>
    </Button>
  );
}
