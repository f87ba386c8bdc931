import type { Metadata } from "next";
import { ClusterNotes } from "@/components/cluster/cluster-notes";
import { MemberForm } from "@/components/cluster/member-form";
import { MemberLimits } from "@/components/cluster/member-limits";
import { ServiceForm } from "@/components/cluster/service-form";
import { serviceWords } from "@/components/cluster/service-words";
import { Card } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { getCluster } from "@/lib/cluster/settings";
import { BACKENDS } from "@/lib/members/backends";
import { debugLogFolder } from "@/lib/members/debug-log";
import { backendLimits } from "@/lib/members/queries";
import { clusterPage } from "../cluster-page";

export const metadata: Metadata = { title: "Add a new server to the cluster" };

const CRUMBS = [{ href: "/cluster", label: "DNS Cluster" }];

export default async function AddServerPage({ searchParams }: { searchParams: Promise<{ backend?: string }> }) {
  const wanted = (await searchParams).backend;
  const backend = BACKENDS.find(({ value }) => value === wanted) ?? BACKENDS[0];
  const debugPath = await clusterPage(async (ctx, actor) => {
    await getCluster(ctx, actor);
    return debugLogFolder(ctx);
  });
  const words = serviceWords(backend.value);
  return (
    <>
      <PageHeader
        title={words?.title ?? "cPanel DNS Remote Configuration"}
        crumbs={CRUMBS}
        description={words?.description ?? "Adds a cPanel & WHM, DNSOnly or Zonefleet server to your DNS cluster."}
      />
      <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,42rem)_minmax(0,1fr)]">
        <Card>
          {words ? (
            <ServiceForm
              backend={backend.value}
              words={words}
              initial={{ username: "", debug: false, role: "write-only", pin: "" }}
              hasCredential={false}
              debugPath={debugPath}
            />
          ) : (
            <MemberForm
              initial={{ host: "", username: "root", debug: false, role: "sync", pin: "" }}
              hasCredential={false}
              debugPath={debugPath}
            />
          )}
        </Card>
        {words ? (
          <Card title={`What ${backend.label} can hold`}>
            <MemberLimits limits={backendLimits(backend.value)} />
          </Card>
        ) : (
          <Card title="Before you add a server">
            <ClusterNotes />
          </Card>
        )}
      </div>
    </>
  );
}
