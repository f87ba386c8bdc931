"use client";

import { useRouter } from "next/navigation";
import { toast } from "sonner";
import { useAction } from "@/components/live/use-action";
import { Button } from "@/components/ui/button";
import { sendNoticeAgain } from "../actions";

interface SendAgainProps {
  /** Of the delivery. */
  id: number;
  /** It was tried before. */
  isRetry: boolean;
}

/** Has a delivery tried now. */
export function SendAgain({ id, isRetry }: SendAgainProps) {
  const router = useRouter();
  const { run, pending } = useAction(sendNoticeAgain, {
    onSuccess: () => {
      toast.success("It is sent within some seconds.");
      router.refresh();
    },
  });
  return (
    <Button size="sm" pending={pending} onClick={() => void run({ id })}>
      {isRetry ? "Try again now" : "Send now"}
    </Button>
  );
}
