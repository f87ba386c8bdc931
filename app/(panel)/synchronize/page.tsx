import { Unlink } from "lucide-react";
import type { Metadata } from "next";
import { ManageAs } from "@/components/cluster/manage-as";
import { LiveRefresh } from "@/components/live/live-refresh";
import { ApprovalBanner } from "@/components/sync/approval-banner";
import { JobTable } from "@/components/sync/job-table";
import { PlanForm } from "@/components/sync/plan-form";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Link } from "@/components/ui/link";
import { PageHeader } from "@/components/ui/page-header";
import { can } from "@/lib/access/authorize";
import { accountCluster, clusterAccounts } from "@/lib/cluster/unique-cluster";
import { countOrphans } from "@/lib/orphans/queries";
import { waitingPlans } from "@/lib/sync-jobs/approval";
import { listJobs, membersToSync } from "@/lib/sync-jobs/queries";
import { planPreset } from "@/lib/sync-jobs/schemas";
import { accountIdOf, clusterPage } from "../cluster/cluster-page";

export const metadata: Metadata = { title: "Synchronize DNS Records" };

interface Props {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function SynchronizePage({ searchParams }: Props) {
  const { zone, member, as } = planPreset.parse(await searchParams);
  const { account, accounts, jobs, members, waiting, orphans } = await clusterPage(async (ctx, actor) => {
    const account = await accountCluster(ctx, actor, accountIdOf(as));
    const accountId = account.isRoot ? null : account.accountId;
    const [accounts, jobs, members, waiting, orphans] = await Promise.all([
      can(actor, "cluster.settings") ? clusterAccounts(ctx, actor) : [],
      listJobs(ctx, actor, accountId),
      membersToSync(ctx, actor, accountId),
      waitingPlans(ctx, actor),
      countOrphans(ctx, actor),
    ]);
    return { account, accounts, jobs, members, waiting, orphans };
  });
  const isManagedByRoot = accounts.length > 0;
  return (
    <>
      <LiveRefresh topics={["sync", "cluster", "members"]} />
      <PageHeader
        title="Synchronize DNS Records"
        description={`Compares ${isManagedByRoot ? "the zones of this server" : "your zones"} with those of the cluster and shows what would be done. The newest copy of a zone wins.`}
        actions={
          <Button asChild>
            <Link href="/orphans">
              <Unlink aria-hidden="true" /> Zones that nobody owns{orphans > 0 && ` (${orphans})`}
            </Link>
          </Button>
        }
      />
      <ApprovalBanner waiting={waiting} />
      <div className="flex flex-col gap-4">
        {accounts.length > 1 && <ManageAs path="/synchronize" accounts={accounts} accountId={account.accountId} />}
        {isManagedByRoot && !account.isRoot && (
          <Banner title={`You are managing the DNS cluster of ${account.username}.`}>
            What you synchronize here are the zones of this account, with the servers that they go to.
          </Banner>
        )}
        <Card>
          <PlanForm
            key={`${account.accountId} ${zone} ${member}`}
            accountId={account.isRoot ? null : account.accountId}
            initial={{ choice: zone === "" ? "all-everywhere" : "one-everywhere", zone, memberId: member }}
            members={members}
          />
        </Card>
        {jobs.length > 0 && (
          <Card title="Earlier synchronizations" flush>
            <JobTable jobs={jobs} hasAccounts={account.isRoot} />
          </Card>
        )}
      </div>
    </>
  );
}
