import type { Metadata } from "next";
import { clusterPath } from "@/components/cluster/cluster-path";
import { LeftCopiesCard } from "@/components/cluster/left-copies-card";
import { MemberContests } from "@/components/cluster/member-contests";
import { MemberDelivery } from "@/components/cluster/member-delivery";
import { MemberFacts } from "@/components/cluster/member-facts";
import { MemberLimits } from "@/components/cluster/member-limits";
import { MemberToolbar } from "@/components/cluster/member-toolbar";
import { LiveRefresh } from "@/components/live/live-refresh";
import { CheckAgain } from "@/components/proof/check-again";
import { MemberProblems } from "@/components/proof/member-problems";
import { Card } from "@/components/ui/card";
import { Link } from "@/components/ui/link";
import { PageHeader } from "@/components/ui/page-header";
import { leftCopies } from "@/lib/members/left-copies";
import { isHeld } from "@/lib/members/member-status";
import { getMember } from "@/lib/members/queries";
import { memberProof } from "@/lib/proof/queries-problems";
import { problemListQuery } from "@/lib/proof/schemas";
import { memberContests } from "@/lib/zones/queries-contest";
import { clusterPage, memberIdOf } from "../cluster-page";

export const metadata: Metadata = { title: "Server in your DNS cluster" };

interface MemberPageProps {
  params: Promise<{ id: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function MemberPage({ params, searchParams }: MemberPageProps) {
  const id = memberIdOf((await params).id);
  const query = problemListQuery.parse(await searchParams);
  const { member, problems, copies, contests, accountId } = await clusterPage(async (ctx, actor) => {
    const member = await getMember(ctx, actor, id);
    const problems = await memberProof(ctx, actor, { ...query, memberId: id });
    const copies = await leftCopies(ctx, actor, { memberId: id });
    const contests = await memberContests(ctx, actor, { memberId: id });
    return {
      member,
      problems,
      copies,
      contests,
      accountId: member.ownerId === actor.userId ? undefined : member.ownerId,
    };
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
            <MemberFacts member={member} accountId={accountId} />
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
            <Card
              title="Zones that differ"
              flush
              actions={
                !isHeld(member.status) && (
                  <CheckAgain memberId={id} label={`Check every zone at ${member.name} again`} />
                )
              }
            >
              <MemberProblems member={member} list={problems} query={query} />
            </Card>
          </div>
        )}
        {contests.total > 0 && <MemberContests contests={contests} />}
        {copies.total > 0 && <LeftCopiesCard memberId={id} name={member.name} copies={copies} />}
        <Card title="Debug mode">
          <p>
            {member.debug ? "On: every exchange with this server is recorded. " : "Off: nothing is recorded. "}
            <Link href={`/cluster/${id}/debug`} className="link">
              Recorded transactions
            </Link>
          </p>
        </Card>
      </div>
    </>
  );
}
