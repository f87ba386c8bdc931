"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { changeClusterStatus } from "@/app/(panel)/cluster/actions";
import { useAction } from "@/components/live/use-action";
import { Button } from "@/components/ui/button";
import { RadioGroup } from "@/components/ui/radio-group";

type Choice = "enabled" | "disabled";

/** Modify Cluster Status. */
export function ClusterStatusForm({ isEnabled }: { isEnabled: boolean }) {
  const router = useRouter();
  const saved: Choice = isEnabled ? "enabled" : "disabled";
  const [choice, setChoice] = useState<Choice>(saved);
  const change = useAction(changeClusterStatus, { onSuccess: () => router.push("/cluster/changed/status") });
  return (
    <form
      method="post"
      className="flex flex-col items-start gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        void change.run({ status: choice });
      }}
    >
      <RadioGroup<Choice>
        legend={<span className="sr-only">Modify Cluster Status</span>}
        name="status"
        value={choice}
        onChange={setChoice}
        options={[
          {
            value: "enabled",
            label: "Enable DNS clustering",
            help: "Zones go to the servers in your cluster, and come from them, as each server's DNS role says.",
          },
          {
            value: "disabled",
            label: "Disable DNS clustering",
            help: "The servers in your cluster get nothing from this server any more, and it takes nothing from them. This server's own nameserver goes on. The list of servers stays.",
          },
        ]}
      />
      <Button type="submit" variant="primary" pending={change.pending}>
        Change
      </Button>
    </form>
  );
}
