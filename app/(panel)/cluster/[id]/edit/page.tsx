import type { Metadata } from "next";
import { clusterPath } from "@/components/cluster/cluster-path";
import { MemberForm } from "@/components/cluster/member-form";
import { ServiceForm } from "@/components/cluster/service-form";
import { serviceWords } from "@/components/cluster/service-words";
import { Banner } from "@/components/ui/banner";
import { Card } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { can } from "@/lib/access/authorize";
import { backendOf } from "@/lib/members/backends";
import { debugLogPath } from "@/lib/members/debug-log";
import { getMember } from "@/lib/members/queries";
import { clusterPage, memberIdOf } from "../../cluster-page";

export const metadata: Metadata = { title: "Edit a server in your DNS cluster" };

export default async function EditMemberPage({ params }: { params: Promise<{ id: string }> }) {
  const id = memberIdOf((await params).id);
  const { member, debugPath, accountId } = await clusterPage(async (ctx, actor) => {
    const member = await getMember(ctx, actor, id);
    return {
      member,
      debugPath: can(actor, "cluster.settings") ? debugLogPath(ctx, id) : null,
      accountId: member.ownerId === actor.userId ? undefined : member.ownerId,
    };
  });
  const { value: backend } = backendOf(member.backend);
  const words = serviceWords(backend);
  const initial = { username: member.username, debug: member.debug, role: member.role, pin: member.pin ?? "" };
  const { hasCredential } = member;
  return (
    <>
      <PageHeader
        title={words?.title ?? "cPanel DNS Remote Configuration"}
        crumbs={[
          { href: clusterPath(accountId), label: "DNS Cluster" },
          { href: `/cluster/${id}`, label: member.name },
        ]}
        description={`How ${member.name} is reached, and what this server does towards it.`}
      />
      {member.status.state === "certificate-changed" && (
        <Banner tone="bad" title="The certificate of this server changed." className="mb-4 max-w-2xl">
          Nothing is sent until the new one is accepted. Test the connection to compare the old pin with the new one.
        </Banner>
      )}
      <Card className="max-w-[44rem]">
        {words ? (
          <ServiceForm {...{ backend, words, id, initial, hasCredential, debugPath, accountId }} />
        ) : (
          <MemberForm
            id={id}
            initial={{ ...initial, host: member.host }}
            {...{ hasCredential, debugPath, accountId }}
          />
        )}
      </Card>
    </>
  );
}
