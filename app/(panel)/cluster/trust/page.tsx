import { Handshake } from "lucide-react";
import type { Metadata } from "next";
import { TrustTable } from "@/components/cluster/trust-table";
import { LiveRefresh } from "@/components/live/live-refresh";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { Pagination } from "@/components/ui/pagination";
import { listMembers } from "@/lib/members/queries";
import { clusterPage } from "../cluster-page";

export const metadata: Metadata = { title: "Trust" };

export default async function TrustPage({ searchParams }: { searchParams: Promise<{ page?: string }> }) {
  const { page } = await searchParams;
  const members = await clusterPage((ctx, actor) =>
    listMembers(ctx, actor, { page: Number.parseInt(page ?? "1", 10) || 1 }),
  );
  return (
    <>
      <LiveRefresh topics={["cluster"]} />
      <PageHeader
        title="Trust"
        crumbs={[{ href: "/cluster", label: "DNS Cluster" }]}
        description="Servers that share zones trust each other in both directions, each with an API token of the other. DNS-only and write-only servers need one direction only."
      />
      <Card flush>
        {members.total === 0 ? (
          <EmptyState icon={<Handshake />} title="No servers yet">
            Add a server to your DNS cluster first.
          </EmptyState>
        ) : (
          <>
            <TrustTable members={members.rows} />
            {members.total > members.pageSize && (
              <Pagination
                page={members.page}
                pageSize={members.pageSize}
                total={members.total}
                noun="servers"
                href={(number) => `/cluster/trust?page=${number}`}
              />
            )}
          </>
        )}
      </Card>
    </>
  );
}
