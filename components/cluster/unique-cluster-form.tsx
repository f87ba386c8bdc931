"use client";

import { useState } from "react";
import { toast } from "sonner";
import { saveUniqueCluster } from "@/app/(panel)/cluster/actions";
import { useAction } from "@/components/live/use-action";
import { Button } from "@/components/ui/button";
import { RadioGroup } from "@/components/ui/radio-group";
import { useHydrated } from "./use-hydrated";

interface UniqueClusterFormProps {
  accountId: number;
  uniqueCluster: boolean;
  /** Members of the account that zones are sent to. */
  senders: number;
}

/** "Unique DNS Clustering": an account's zones go to its own members, or to root's. */
export function UniqueClusterForm({ accountId, uniqueCluster, senders }: UniqueClusterFormProps) {
  const saved = uniqueCluster ? "unique" : "shared";
  const [choice, setChoice] = useState<"unique" | "shared">(saved);
  const isHydrated = useHydrated();
  const save = useAction(saveUniqueCluster, { onSuccess: () => toast.success("The choice was saved.") });
  return (
    <form
      className="flex flex-col items-start gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        void save.run({ accountId, uniqueCluster: choice === "unique" });
      }}
    >
      <RadioGroup
        legend={<span className="sr-only">Unique DNS Clustering</span>}
        name="cluster"
        value={choice}
        onChange={setChoice}
        options={[
          {
            value: "shared",
            label: "Use root's DNS cluster",
            help: "Zones go to the servers of root's cluster. Servers of one's own are used as far as root's cluster leaves room for them.",
          },
          {
            value: "unique",
            label: "Unique DNS Clustering",
            help: "Zones go to the servers below and to no others. Each server's DNS role is in effect as chosen.",
          },
        ]}
      />
      {choice !== saved && (
        <p role="status" className="max-w-prose text-warn text-xs">
          {choice === "unique"
            ? senders === 0
              ? "No server below gets zones yet: only this server itself will answer for them. The copies on root's servers stay there as they are now and grow old; change the domains' nameservers first."
              : "The copies on root's servers stay there as they are now and grow old; root can remove them. Change the domains' nameservers first."
            : "The copies on the servers below stay there as they are now and grow old, unless root's cluster has these servers too."}
        </p>
      )}
      <Button type="submit" variant="primary" pending={save.pending} disabled={!isHydrated || choice === saved}>
        Change
      </Button>
    </form>
  );
}
