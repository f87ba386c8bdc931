import { Handshake } from "lucide-react";
import type { Metadata } from "next";
import { clusterPath } from "@/components/cluster/cluster-path";
import { ManageAs } from "@/components/cluster/manage-as";
import { trustPath } from "@/components/cluster/trust-path";
import { TrustTable } from "@/components/cluster/trust-table";
import { LiveRefresh } from "@/components/live/live-refresh";
import { Banner } from "@/components/ui/banner";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { Pagination } from "@/components/ui/pagination";
import { SearchInput } from "@/components/ui/search-input";
import { can } from "@/lib/access/authorize";
import { accountCluster, clusterAccounts } from "@/lib/cluster/unique-cluster";
import { listMembers } from "@/lib/members/queries";
import { setUpObstacle } from "@/lib/trust/obstacle";
import { accountIdOf, clusterPage } from "../cluster-page";

export const metadata: Metadata = { title: "Trust" };

interface TrustPageProps {
  searchParams: Promise<{ page?: string; as?: string; q?: string }>;
}

export default async function TrustPage({ searchParams }: TrustPageProps) {
  const { page, as, q = "" } = await searchParams;
  const { account, accounts, members, obstacle, isOther } = await clusterPage(async (ctx, actor) => {
    const account = await accountCluster(ctx, actor, accountIdOf(as));
    const { accountId } = account;
    const [accounts, members, obstacle] = await Promise.all([
      can(actor, "cluster.settings") ? clusterAccounts(ctx, actor) : [],
      listMembers(ctx, actor, { page: Number.parseInt(page ?? "1", 10) || 1, accountId, q }),
      setUpObstacle(ctx, actor, accountId),
    ]);
    return { account, accounts, members, obstacle, isOther: accountId !== actor.userId };
  });
  const accountId = isOther ? account.accountId : undefined;
  return (
    <>
      <LiveRefresh topics={["cluster"]} />
      <PageHeader
        title="Trust"
        crumbs={[{ href: clusterPath(accountId), label: "DNS Cluster" }]}
        description="Servers that share zones trust each other in both directions, each with an API token of the other. DNS-only and write-only servers need one direction only."
      />
      <div className="flex flex-col gap-4">
        {accounts.length > 1 && <ManageAs accounts={accounts} accountId={account.accountId} path="/cluster/trust" />}
        {isOther && (
          <Banner title={`These are the servers of ${account.username}.`}>
            A reverse trust that is set up here makes an API token of this account.
          </Banner>
        )}
        {obstacle !== null && members.total > 0 && (
          <Banner tone="warn" title="No reverse trust can be set up.">
            {obstacle}
          </Banner>
        )}
        <Card
          title="Servers"
          actions={<SearchInput label="Search servers" placeholder="Server" className="max-w-48" />}
          flush
        >
          {members.total === 0 ? (
            <NoServers isSearched={q.trim() !== ""} />
          ) : (
            <>
              <TrustTable members={members.rows} maySetUp={obstacle === null} />
              {members.total > members.pageSize && (
                <Pagination
                  page={members.page}
                  pageSize={members.pageSize}
                  total={members.total}
                  noun="servers"
                  href={(number) => trustPath(accountId, { q, page: number })}
                />
              )}
            </>
          )}
        </Card>
      </div>
    </>
  );
}

function NoServers({ isSearched }: { isSearched: boolean }) {
  if (isSearched) return <p className="p-4 text-muted">No server of this name is in this DNS cluster.</p>;
  return (
    <EmptyState icon={<Handshake />} title="No servers yet">
      Add a server to your DNS cluster first.
    </EmptyState>
  );
}
