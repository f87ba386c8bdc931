import type { Metadata } from "next";
import { HeldBanner } from "@/components/cluster/held-banner";
import { LiveRefresh } from "@/components/live/live-refresh";
import { JobTable } from "@/components/sync/job-table";
import { PlanForm } from "@/components/sync/plan-form";
import { Card } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { heldMembers } from "@/lib/members/queries-held";
import { listJobs, membersToSync } from "@/lib/sync-jobs/queries";
import { planPreset } from "@/lib/sync-jobs/schemas";
import { clusterPage } from "../cluster/cluster-page";

export const metadata: Metadata = { title: "Synchronize DNS Records" };

interface Props {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function SynchronizePage({ searchParams }: Props) {
  const { zone, member } = planPreset.parse(await searchParams);
  const { jobs, members, held } = await clusterPage(async (ctx, actor) => {
    const [jobs, members, held] = await Promise.all([
      listJobs(ctx, actor),
      membersToSync(ctx, actor),
      heldMembers(ctx, actor),
    ]);
    return { jobs, members, held };
  });
  return (
    <>
      <LiveRefresh topics={["sync", "members"]} />
      <PageHeader
        title="Synchronize DNS Records"
        description="Compares the zones of this server with those of the cluster and shows what would be done. The newest copy of a zone wins."
      />
      <HeldBanner members={held} />
      <div className="flex flex-col gap-4">
        <Card>
          <PlanForm
            key={`${zone} ${member}`}
            initial={{ choice: zone === "" ? "all-everywhere" : "one-everywhere", zone, memberId: member }}
            members={members}
          />
        </Card>
        {jobs.length > 0 && (
          <Card title="Earlier synchronizations" flush>
            <JobTable jobs={jobs} />
          </Card>
        )}
      </div>
    </>
  );
}
