import type { Metadata } from "next";
import { ClusterNotes } from "@/components/cluster/cluster-notes";
import { clusterPath } from "@/components/cluster/cluster-path";
import { MemberForm } from "@/components/cluster/member-form";
import { Card } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { can } from "@/lib/access/authorize";
import { accountCluster } from "@/lib/cluster/unique-cluster";
import { debugLogFolder } from "@/lib/members/debug-log";
import { accountIdOf, clusterPage } from "../cluster-page";

export const metadata: Metadata = { title: "Add a new server to the cluster" };

interface AddServerPageProps {
  searchParams: Promise<{ as?: string }>;
}

export default async function AddServerPage({ searchParams }: AddServerPageProps) {
  const accountId = accountIdOf((await searchParams).as);
  const { account, debugPath } = await clusterPage(async (ctx, actor) => ({
    account: await accountCluster(ctx, actor, accountId),
    // Where files lie on this server is root's to know.
    debugPath: can(actor, "cluster.settings") ? debugLogFolder(ctx) : null,
  }));
  return (
    <>
      <PageHeader
        title="cPanel DNS Remote Configuration"
        crumbs={[{ href: clusterPath(accountId), label: "DNS Cluster" }]}
        description={`Adds a cPanel & WHM, DNSOnly or Zonefleet server to ${accountId === undefined ? "your DNS cluster" : `the DNS cluster of ${account.username}`}.`}
      />
      <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,42rem)_minmax(0,1fr)]">
        <Card>
          <MemberForm
            initial={{ host: "", username: "root", debug: false, role: "sync", pin: "" }}
            hasCredential={false}
            debugPath={debugPath}
            accountId={accountId}
          />
        </Card>
        <Card title="Before you add a server">
          <ClusterNotes />
        </Card>
      </div>
    </>
  );
}
