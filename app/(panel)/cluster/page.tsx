import { Network } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { AddServer } from "@/components/cluster/add-server";
import { CheckAll } from "@/components/cluster/check-all";
import { ClusterNotes } from "@/components/cluster/cluster-notes";
import { ClusterOptionsForm } from "@/components/cluster/cluster-options-form";
import { ClusterStatusForm } from "@/components/cluster/cluster-status-form";
import { MemberTable } from "@/components/cluster/member-table";
import { LiveRefresh } from "@/components/live/live-refresh";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { Pagination } from "@/components/ui/pagination";
import { DEFAULT_FAILURE_THRESHOLD } from "@/lib/cluster/schemas";
import { getCluster } from "@/lib/cluster/settings";
import { listMembers } from "@/lib/members/queries";
import { countRefused } from "@/lib/trusted-ips/service";
import { clusterPage } from "./cluster-page";

export const metadata: Metadata = { title: "DNS Cluster" };

export default async function ClusterPage({ searchParams }: { searchParams: Promise<{ page?: string }> }) {
  const { page } = await searchParams;
  const { cluster, members, refused } = await clusterPage(async (ctx, actor) => {
    const [cluster, members, refused] = await Promise.all([
      getCluster(ctx, actor),
      listMembers(ctx, actor, { page: Number.parseInt(page ?? "1", 10) || 1 }),
      countRefused(ctx, actor),
    ]);
    return { cluster, members, refused };
  });
  return (
    <>
      <LiveRefresh topics={["cluster"]} />
      <PageHeader
        title="DNS Cluster"
        description="Nameservers that share zones: what changes here is served by every server you add."
        actions={
          <Button asChild>
            <Link href="/cluster/import">Import from WHM</Link>
          </Button>
        }
      />
      <div className="flex flex-col gap-4">
        {refused > 0 && (
          <Banner
            tone="warn"
            title={refused === 1 ? "Calls of a server were refused." : `Calls of ${refused} servers were refused.`}
            action={
              <Button size="sm" asChild>
                <Link href="/trusted-ips">Look at them</Link>
              </Button>
            }
          >
            They came with a valid API token, from an address that it may not come from.
          </Banner>
        )}
        <div className="grid items-start gap-4 lg:grid-cols-2">
          <Card title="Modify Cluster Status">
            <ClusterStatusForm key={String(cluster.isEnabled)} isEnabled={cluster.isEnabled} />
          </Card>
          {cluster.isEnabled && (
            <Card title="Global Cluster Options">
              <ClusterOptionsForm
                key={`${cluster.failureThreshold} ${cluster.notifyOnDisable}`}
                failureThreshold={cluster.failureThreshold}
                notifyOnDisable={cluster.notifyOnDisable}
                defaultThreshold={DEFAULT_FAILURE_THRESHOLD}
              />
            </Card>
          )}
        </div>
        <Card
          title="Servers in your DNS cluster"
          flush
          actions={
            members.total > 0 && (
              <>
                <Button size="sm" asChild>
                  <Link href="/cluster/trust">Trust</Link>
                </Button>
                {cluster.isEnabled && <CheckAll />}
              </>
            )
          }
        >
          {!cluster.isEnabled && members.total > 0 && (
            <Banner tone="warn" className="m-4">
              DNS clustering is disabled: these servers get nothing from this one.
            </Banner>
          )}
          {members.total === 0 ? (
            <EmptyState icon={<Network />} title="No servers yet">
              Add your nameservers below. Have an API token of each at hand, made there with the privilege{" "}
              <code>clustering</code>.
            </EmptyState>
          ) : (
            <>
              <MemberTable members={members.rows} />
              {members.total > members.pageSize && (
                <Pagination
                  page={members.page}
                  pageSize={members.pageSize}
                  total={members.total}
                  noun="servers"
                  href={(number) => `/cluster?page=${number}`}
                />
              )}
            </>
          )}
        </Card>
        <div className="grid items-start gap-4 lg:grid-cols-2">
          <Card title="Add a new server to the cluster">
            <AddServer />
          </Card>
          <Card title="What a cluster needs">
            <ClusterNotes />
          </Card>
        </div>
      </div>
    </>
  );
}
