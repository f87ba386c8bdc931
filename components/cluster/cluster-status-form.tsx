"use client";

import { useActionState } from "react";
import { changeClusterStatus } from "@/app/(panel)/cluster/actions";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { RadioGroup } from "@/components/ui/radio-group";

/** Modify Cluster Status. A plain form post: a click before the page's scripts run is not lost. */
export function ClusterStatusForm({ isEnabled }: { isEnabled: boolean }) {
  const [{ entered, error }, change, isPending] = useActionState(changeClusterStatus, { entered: null, error: null });
  return (
    <form action={change} className="flex flex-col items-start gap-3">
      {error && (
        <Banner tone="bad" live>
          {error.message}
        </Banner>
      )}
      <RadioGroup
        legend={<span className="sr-only">Modify Cluster Status</span>}
        name="status"
        defaultValue={entered ?? (isEnabled ? "enabled" : "disabled")}
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
      <Button type="submit" variant="primary" pending={isPending}>
        Change
      </Button>
    </form>
  );
}
