import type { Metadata } from "next";
import { ClusterNotes } from "@/components/cluster/cluster-notes";
import { clusterPath } from "@/components/cluster/cluster-path";
import { MemberForm } from "@/components/cluster/member-form";
import { MemberLimits } from "@/components/cluster/member-limits";
import { ServiceForm } from "@/components/cluster/service-form";
import { serviceWords } from "@/components/cluster/service-words";
import { Card } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { can } from "@/lib/access/authorize";
import { accountCluster } from "@/lib/cluster/unique-cluster";
import { BACKENDS } from "@/lib/members/backends";
import { debugLogFolder } from "@/lib/members/debug-log";
import { backendLimits } from "@/lib/members/queries";
import { setUpObstacle } from "@/lib/trust/obstacle";
import { accountIdOf, clusterPage } from "../cluster-page";

export const metadata: Metadata = { title: "Add a new server to the cluster" };

interface AddServerPageProps {
  searchParams: Promise<{ backend?: string; as?: string }>;
}

export default async function AddServerPage({ searchParams }: AddServerPageProps) {
  const { backend: wanted, as } = await searchParams;
  const accountId = accountIdOf(as);
  const backend = BACKENDS.find(({ value }) => value === wanted) ?? BACKENDS[0];
  const { account, debugPath, trustObstacle } = await clusterPage(async (ctx, actor) => ({
    account: await accountCluster(ctx, actor, accountId),
    trustObstacle: await setUpObstacle(ctx, actor, accountId ?? actor.userId),
    // Where files lie on this server is root's to know.
    debugPath: can(actor, "cluster.settings") ? debugLogFolder(ctx) : null,
  }));
  const whose = accountId === undefined ? "your DNS cluster" : `the DNS cluster of ${account.username}`;
  const words = serviceWords(backend.value);
  return (
    <>
      <PageHeader
        title={words?.title ?? "cPanel DNS Remote Configuration"}
        crumbs={[{ href: clusterPath(accountId), label: "DNS Cluster" }]}
        description={words?.description ?? `Adds a cPanel & WHM, DNSOnly or Zonefleet server to ${whose}.`}
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
              accountId={accountId}
            />
          ) : (
            <MemberForm
              initial={{ host: "", username: "root", debug: false, role: "sync", pin: "" }}
              hasCredential={false}
              debugPath={debugPath}
              accountId={accountId}
              trustObstacle={trustObstacle}
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
