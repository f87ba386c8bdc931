"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { toast } from "sonner";
import { reviewConfiguration } from "@/app/(panel)/cluster/import/actions";
import { useAction } from "@/components/live/use-action";
import type { ConfigSource } from "@/lib/cluster/whm-import/config-files";
import type { ImportPlan } from "@/lib/cluster/whm-import/import";
import { clusterPath } from "./cluster-path";
import { ImportPlanForm } from "./import-plan-form";
import { ImportSource } from "./import-source";

/**
 * Two steps: where the configuration is, and what of it is taken over. The source stays here, so that the second step can send it again.
 * @param accountId the account that root manages: its entries alone
 */
export function ImportConfiguration({ accountId }: { accountId: number | undefined }) {
  const router = useRouter();
  const [reviewed, setReviewed] = useState<{ source: ConfigSource; plan: ImportPlan } | null>(null);
  const review = useAction(reviewConfiguration);
  const read = async (source: ConfigSource) => {
    const plan = await review.run({ source, accountId });
    setReviewed(plan ? { source, plan } : null);
  };
  return (
    <div className="flex flex-col gap-4">
      <ImportSource pending={review.pending} onChosen={read} />
      {reviewed && (
        <ImportPlanForm
          key={reviewed.plan.digest}
          source={reviewed.source}
          plan={reviewed.plan}
          accountId={accountId}
          onImported={(words) => {
            toast.success(words);
            router.push(clusterPath(accountId));
          }}
        />
      )}
    </div>
  );
}
