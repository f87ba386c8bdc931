import type { Metadata } from "next";
import { AttentionZones } from "@/components/cluster/attention-zones";
import { clusterPath } from "@/components/cluster/cluster-path";
import { DebugTransactions } from "@/components/cluster/debug-transactions";
import { LeftCopiesCard } from "@/components/cluster/left-copies-card";
import { MemberDelivery } from "@/components/cluster/member-delivery";
import { MemberFacts } from "@/components/cluster/member-facts";
import { MemberLimits } from "@/components/cluster/member-limits";
import { MemberToolbar } from "@/components/cluster/member-toolbar";
import { LiveRefresh } from "@/components/live/live-refresh";
import { Card } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { can } from "@/lib/access/authorize";
import { debugLogPath, recentTransactions } from "@/lib/members/debug-log";
import { leftCopies } from "@/lib/members/left-copies";
import { getMember, memberZones } from "@/lib/members/queries";
import { clusterPage, memberIdOf } from "../cluster-page";

export const metadata: Metadata = { title: "Server in your DNS cluster" };

interface MemberPageProps {
  params: Promise<{ id: string }>;
  searchParams: Promise<{ page?: string }>;
}

export default async function MemberPage({ params, searchParams }: MemberPageProps) {
  const id = memberIdOf((await params).id);
  const { page } = await searchParams;
  const { member, zones, debug, copies, accountId } = await clusterPage(async (ctx, actor) => {
    const member = await getMember(ctx, actor, id);
    const zones = await memberZones(ctx, actor, { id, page: Number.parseInt(page ?? "1", 10) || 1 });
    const debug = member.debug
      ? {
          path: can(actor, "cluster.settings") ? debugLogPath(ctx, id) : null,
          transactions: await recentTransactions(ctx, id),
        }
      : null;
    const copies = await leftCopies(ctx, actor, { memberId: id });
    return { member, zones, debug, copies, accountId: member.ownerId === actor.userId ? undefined : member.ownerId };
  });
  return (
    <>
      <LiveRefresh topics={["cluster", "zones"]} />
      <PageHeader
        title={member.name}
        crumbs={[{ href: clusterPath(accountId), label: "DNS Cluster" }]}
        actions={<MemberToolbar member={member} sends={member.target !== null} accountId={accountId} />}
      />
      <div className="flex flex-col gap-4">
        <div className="grid items-start gap-4 lg:grid-cols-2">
          <Card title="Server">
            <MemberFacts member={member} />
          </Card>
          <Card title="Zones">
            <MemberDelivery member={member} />
          </Card>
        </div>
        {member.limits.length > 0 && (
          <Card
            title="What it can hold"
            description="What is left out of a zone is said before a change is saved, and with its receipt."
          >
            <MemberLimits limits={member.limits} />
          </Card>
        )}
        {member.target && (
          <div id="attention">
            <Card title="Zones that need attention" flush>
              <AttentionZones memberId={id} zones={zones} />
            </Card>
          </div>
        )}
        {copies.total > 0 && <LeftCopiesCard memberId={id} name={member.name} copies={copies} />}
        {debug && (
          <Card
            title="Recent transactions"
            description={
              debug.path && (
                <>
                  Debug mode records them in <code className="break-all">{debug.path}</code>.
                </>
              )
            }
            flush
          >
            <DebugTransactions transactions={debug.transactions} />
          </Card>
        )}
      </div>
    </>
  );
}
