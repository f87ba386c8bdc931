import type { Metadata } from "next";
import { LiveRefresh } from "@/components/live/live-refresh";
import { JobTable } from "@/components/sync/job-table";
import { PlanForm } from "@/components/sync/plan-form";
import { Card } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { listJobs, membersToSync } from "@/lib/sync-jobs/queries";
import { planPreset } from "@/lib/sync-jobs/schemas";
import { clusterPage } from "../cluster/cluster-page";

export const metadata: Metadata = { title: "Synchronize DNS Records" };

interface Props {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function SynchronizePage({ searchParams }: Props) {
  const { zone, member } = planPreset.parse(await searchParams);
  const { jobs, members } = await clusterPage(async (ctx, actor) => {
    const [jobs, members] = await Promise.all([listJobs(ctx, actor), membersToSync(ctx, actor)]);
    return { jobs, members };
  });
  return (
    <>
      <LiveRefresh topics={["sync", "cluster"]} />
      <PageHeader
        title="Synchronize DNS Records"
        description="Compares the zones of this server with those of the cluster and shows what would be done. The newest copy of a zone wins."
      />
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
