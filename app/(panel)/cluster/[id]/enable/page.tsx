import type { Metadata } from "next";
import { BacklogWords } from "@/components/cluster/backlog-words";
import { clusterPath } from "@/components/cluster/cluster-path";
import { EnableMember } from "@/components/cluster/enable-member";
import { MemberState } from "@/components/cluster/member-state";
import { LiveRefresh } from "@/components/live/live-refresh";
import { Banner } from "@/components/ui/banner";
import { Card } from "@/components/ui/card";
import { ExactTime } from "@/components/ui/exact-time";
import { Link } from "@/components/ui/link";
import { PageHeader } from "@/components/ui/page-header";
import { getMember } from "@/lib/members/queries";
import { clusterPage, memberIdOf } from "../../cluster-page";

export const metadata: Metadata = { title: "Enable a server in your DNS cluster" };

/** Enabling is by hand, as in WHM; what it will bring about is shown first. */
export default async function EnableMemberPage({ params }: { params: Promise<{ id: string }> }) {
  const id = memberIdOf((await params).id);
  const { member, accountId } = await clusterPage(async (ctx, actor) => {
    const member = await getMember(ctx, actor, id);
    return { member, accountId: member.ownerId === actor.userId ? undefined : member.ownerId };
  });
  const isDisabled = member.status.state === "disabled";
  return (
    <>
      <LiveRefresh topics={["members"]} />
      <PageHeader
        title={`Enable ${member.name}`}
        crumbs={[
          { href: clusterPath(accountId), label: "DNS Cluster" },
          { href: `/cluster/${id}`, label: member.name },
        ]}
      />
      {isDisabled ? (
        <div className="flex max-w-[44rem] flex-col gap-4">
          <Card title="Why it is disabled">
            <MemberState status={member.status} version={member.version} />
            {member.firstFailureAt !== null && (
              <p className="text-muted text-xs">
                The first of these failures: <ExactTime at={member.firstFailureAt} />
              </p>
            )}
            <BacklogWords member={member} />
          </Card>
          <EnableMember id={id} name={member.name} />
        </div>
      ) : (
        <Banner tone="ok" title={`${member.name} is not disabled.`} className="max-w-2xl">
          <MemberState status={member.status} />
          <Link href={`/cluster/${id}`} className="link">
            Look at it
          </Link>
        </Banner>
      )}
    </>
  );
}
