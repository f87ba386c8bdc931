import type { Metadata } from "next";
import { ClusterNotes } from "@/components/cluster/cluster-notes";
import { MemberForm } from "@/components/cluster/member-form";
import { Card } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { getCluster } from "@/lib/cluster/settings";
import { debugLogFolder } from "@/lib/members/debug-log";
import { clusterPage } from "../cluster-page";

export const metadata: Metadata = { title: "Add a new server to the cluster" };

export default async function AddServerPage() {
  const debugPath = await clusterPage(async (ctx, actor) => {
    await getCluster(ctx, actor);
    return debugLogFolder(ctx);
  });
  return (
    <>
      <PageHeader
        title="cPanel DNS Remote Configuration"
        crumbs={[{ href: "/cluster", label: "DNS Cluster" }]}
        description="Adds a cPanel & WHM, DNSOnly or Zonefleet server to your DNS cluster."
      />
      <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,42rem)_minmax(0,1fr)]">
        <Card>
          <MemberForm
            initial={{ host: "", username: "root", debug: false, role: "sync", pin: "" }}
            hasCredential={false}
            debugPath={debugPath}
          />
        </Card>
        <Card title="Before you add a server">
          <ClusterNotes />
        </Card>
      </div>
    </>
  );
}
