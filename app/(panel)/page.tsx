import { Plus } from "lucide-react";
import type { Metadata } from "next";
import { LiveRefresh } from "@/components/live/live-refresh";
import { ClusterCard } from "@/components/overview/cluster-card";
import { MailProblem } from "@/components/overview/mail-problem";
import { NameserverCard } from "@/components/overview/nameserver-card";
import { NameserverProblem } from "@/components/overview/nameserver-problem";
import { Readouts } from "@/components/overview/readouts";
import { RecentChanges } from "@/components/overview/recent-changes";
import { ApprovalBanner } from "@/components/sync/approval-banner";
import { Button } from "@/components/ui/button";
import { Link } from "@/components/ui/link";
import { PageHeader } from "@/components/ui/page-header";
import { can } from "@/lib/access/authorize";
import { currentActor } from "@/lib/auth/session";
import { noticeHealth } from "@/lib/notifications/health";
import { getOverview } from "@/lib/overview/overview";
import { runtime } from "@/lib/runtime";

export const metadata: Metadata = { title: "Overview" };

export default async function OverviewPage() {
  const actor = await currentActor();
  const ctx = runtime();
  const { zones, everywhere, recent, cluster, waitingPlans } = await getOverview(ctx, actor);
  const nameserver = ctx.nameserver();
  const managesServer = can(actor, "settings.manage");
  const mail = can(actor, "notice.read") ? await noticeHealth(ctx, actor) : null;
  return (
    <>
      <LiveRefresh topics={cluster ? ["zones", "cluster", "notices", "sync"] : ["zones", "notices"]} calmMs={1_000} />
      <PageHeader
        title="Overview"
        actions={
          can(actor, "zone.create") && (
            <Button variant="primary" asChild>
              <Link href="/zones/add">
                <Plus aria-hidden="true" /> Add a zone
              </Link>
            </Button>
          )
        }
      />
      {managesServer && <NameserverProblem status={nameserver} />}
      {mail && <MailProblem health={mail} managesServer={managesServer} />}
      <ApprovalBanner waiting={waitingPlans} />
      <Readouts zones={zones} everywhere={everywhere} cluster={cluster} />
      <div className="mt-4 grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_21rem]">
        <RecentChanges changes={recent} />
        {(managesServer || cluster) && (
          <div className="flex min-w-0 flex-col gap-4">
            {managesServer && <NameserverCard status={nameserver} />}
            {cluster && <ClusterCard cluster={cluster} />}
          </div>
        )}
      </div>
    </>
  );
}
