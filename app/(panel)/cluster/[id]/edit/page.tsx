import type { Metadata } from "next";
import { MemberForm } from "@/components/cluster/member-form";
import { ServiceForm } from "@/components/cluster/service-form";
import { serviceWords } from "@/components/cluster/service-words";
import { Banner } from "@/components/ui/banner";
import { Card } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { backendOf } from "@/lib/members/backends";
import { debugLogPath } from "@/lib/members/debug-log";
import { getMember } from "@/lib/members/queries";
import { clusterPage, memberIdOf } from "../../cluster-page";

export const metadata: Metadata = { title: "Edit a server in your DNS cluster" };

export default async function EditMemberPage({ params }: { params: Promise<{ id: string }> }) {
  const id = memberIdOf((await params).id);
  const { member, debugPath } = await clusterPage(async (ctx, actor) => ({
    member: await getMember(ctx, actor, id),
    debugPath: debugLogPath(ctx, id),
  }));
  const { value: backend } = backendOf(member.backend);
  const words = serviceWords(backend);
  const initial = { username: member.username, debug: member.debug, role: member.role, pin: member.pin ?? "" };
  const { hasCredential } = member;
  return (
    <>
      <PageHeader
        title={words?.title ?? "cPanel DNS Remote Configuration"}
        crumbs={[
          { href: "/cluster", label: "DNS Cluster" },
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
          <ServiceForm {...{ backend, words, id, initial, hasCredential, debugPath }} />
        ) : (
          <MemberForm id={id} initial={{ ...initial, host: member.host }} {...{ hasCredential, debugPath }} />
        )}
      </Card>
    </>
  );
}
