import { Network } from "lucide-react";
import type { Metadata } from "next";
import { AddServer } from "@/components/cluster/add-server";
import { AutoEnableForm } from "@/components/cluster/auto-enable-form";
import { BulkPause } from "@/components/cluster/bulk-pause";
import { BulkRole } from "@/components/cluster/bulk-role";
import { CheckAll } from "@/components/cluster/check-all";
import { ClusterNotes } from "@/components/cluster/cluster-notes";
import { ClusterOptionsForm } from "@/components/cluster/cluster-options-form";
import { ClusterStatusForm } from "@/components/cluster/cluster-status-form";
import { ManageAs } from "@/components/cluster/manage-as";
import { MemberTable } from "@/components/cluster/member-table";
import { trustPath } from "@/components/cluster/trust-path";
import { UniqueClusterForm } from "@/components/cluster/unique-cluster-form";
import { LiveRefresh } from "@/components/live/live-refresh";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { Link } from "@/components/ui/link";
import { PageHeader } from "@/components/ui/page-header";
import { Pagination } from "@/components/ui/pagination";
import { can } from "@/lib/access/authorize";
import { DEFAULT_FAILURE_THRESHOLD } from "@/lib/cluster/schemas";
import { getCluster } from "@/lib/cluster/settings";
import { accountCluster, clusterAccounts } from "@/lib/cluster/unique-cluster";
import { listMembers, type MemberList } from "@/lib/members/queries";
import { countRefused } from "@/lib/trusted-ips/service";
import { accountIdOf, clusterPage } from "./cluster-page";

export const metadata: Metadata = { title: "DNS Cluster" };

interface ClusterPageProps {
  searchParams: Promise<{ page?: string; as?: string }>;
}

export default async function ClusterPage({ searchParams }: ClusterPageProps) {
  const { page, as } = await searchParams;
  const { account, members, settings, accounts, refused } = await clusterPage(async (ctx, actor) => {
    const account = await accountCluster(ctx, actor, accountIdOf(as));
    const isRoot = can(actor, "cluster.settings");
    const [members, settings, accounts, refused] = await Promise.all([
      listMembers(ctx, actor, { page: Number.parseInt(page ?? "1", 10) || 1, accountId: account.accountId }),
      isRoot ? getCluster(ctx, actor) : null,
      isRoot ? clusterAccounts(ctx, actor) : null,
      isRoot ? countRefused(ctx, actor) : 0,
    ]);
    return { account, members, settings, accounts, refused };
  });
  const { accountId, isClusterEnabled, isRoot } = account;
  return (
    <>
      <LiveRefresh topics={["cluster"]} />
      <PageHeader
        title="DNS Cluster"
        description="Nameservers that share zones: what changes here is served by every server you add."
        actions={
          settings && (
            <>
              {isRoot && (
                <Button asChild>
                  <Link href="/cluster/map">
                    <Network /> Cluster map
                  </Link>
                </Button>
              )}
              <Button asChild>
                <Link href={isRoot ? "/cluster/import" : `/cluster/import?as=${accountId}`}>Import from WHM</Link>
              </Button>
            </>
          )
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
            They came with a valid API token, from where it may not come from.
          </Banner>
        )}
        {accounts && accounts.length > 1 && <ManageAs accounts={accounts} accountId={accountId} />}
        {settings && !isRoot && (
          <Banner title={`You are managing the DNS cluster of ${account.username}.`}>
            What you change here counts for this account: its servers, and where its{" "}
            {account.zones === 1 ? "zone goes" : `${account.zones} zones go`}.
          </Banner>
        )}
        {settings && isRoot && (
          <div className="grid items-start gap-4 lg:grid-cols-2">
            <Card title="Modify Cluster Status">
              <ClusterStatusForm key={String(settings.isEnabled)} isEnabled={settings.isEnabled} />
            </Card>
            {settings.isEnabled && (
              <Card title="Global Cluster Options">
                <ClusterOptionsForm
                  key={`${settings.failureThreshold} ${settings.notifyOnDisable} ${settings.autoEnable}`}
                  autoEnable={settings.autoEnable}
                  failureThreshold={settings.failureThreshold}
                  notifyOnDisable={settings.notifyOnDisable}
                  defaultThreshold={DEFAULT_FAILURE_THRESHOLD}
                />
              </Card>
            )}
          </div>
        )}
        {!isRoot && (
          <div className="grid items-start gap-4 lg:grid-cols-2">
            <Card title="Unique DNS Clustering">
              <UniqueClusterForm
                key={`${accountId} ${account.uniqueCluster}`}
                accountId={accountId}
                uniqueCluster={account.uniqueCluster}
                senders={members.rows.filter(({ role }) => role !== "standalone").length}
              />
            </Card>
            <Card title="Unresponsive servers">
              <AutoEnableForm
                key={`${accountId} ${account.autoEnable}`}
                accountId={accountId}
                autoEnable={account.autoEnable}
              />
            </Card>
          </div>
        )}
        <Card
          title="Servers in your DNS cluster"
          flush
          actions={
            members.total > 0 && (
              <>
                <Button size="sm" asChild>
                  <Link href={trustPath(as ? accountId : undefined)}>Trust</Link>
                </Button>
                {isClusterEnabled && !as && <CheckAll />}
              </>
            )
          }
        >
          {!isClusterEnabled && members.total > 0 && (
            <Banner tone="warn" className="m-4">
              DNS clustering is disabled: these servers get nothing from this one.
            </Banner>
          )}
          <Members members={members} accountId={as ? accountId : undefined} />
        </Card>
        <div className="grid items-start gap-4 lg:grid-cols-2">
          <Card title="Add a new server to the cluster">
            <AddServer accountId={as ? accountId : undefined} />
            {account.memberLimit !== null && (
              <p className="mt-3 text-muted text-xs">
                {members.total} of at most {account.memberLimit} servers.
              </p>
            )}
          </Card>
          <Card title="What a cluster needs">
            <ClusterNotes />
          </Card>
        </div>
      </div>
    </>
  );
}

function Members({
  members,
  accountId,
}: {
  members: MemberList;
  /** Whose, when they are not the asker's own. */
  accountId: number | undefined;
}) {
  if (members.total === 0)
    return (
      <EmptyState icon={<Network />} title="No servers yet">
        Add your nameservers below. Have an API token of each at hand, made there with the privilege{" "}
        <code>clustering</code>.
      </EmptyState>
    );
  return (
    <>
      <MemberTable members={members.rows} isSelectable={members.total > 1} accountId={accountId} />
      {members.total > 1 && (
        <>
          <BulkRole />
          <BulkPause />
        </>
      )}
      {members.total > members.pageSize && (
        <Pagination
          page={members.page}
          pageSize={members.pageSize}
          total={members.total}
          noun="servers"
          href={(number) => `/cluster?page=${number}${accountId === undefined ? "" : `&as=${accountId}`}`}
        />
      )}
    </>
  );
}
