import type { Metadata } from "next";
import { clusterPath } from "@/components/cluster/cluster-path";
import { ImportConfiguration } from "@/components/cluster/import-configuration";
import { PageHeader } from "@/components/ui/page-header";
import { getCluster } from "@/lib/cluster/settings";
import { accountCluster } from "@/lib/cluster/unique-cluster";
import { accountIdOf, clusterPage } from "../cluster-page";

export const metadata: Metadata = { title: "Import a WHM server's DNS cluster" };

interface ImportPageProps {
  searchParams: Promise<{ as?: string }>;
}

export default async function ImportPage({ searchParams }: ImportPageProps) {
  const { as } = await searchParams;
  const account = await clusterPage(async (ctx, actor) => {
    await getCluster(ctx, actor);
    return accountCluster(ctx, actor, accountIdOf(as));
  });
  const accountId = account.isRoot ? undefined : account.accountId;
  return (
    <>
      <PageHeader
        title="Import from WHM"
        crumbs={[{ href: clusterPath(accountId), label: "DNS Cluster" }]}
        description={
          accountId === undefined
            ? "Takes over the servers, DNS roles and options of a cPanel & WHM server's DNS cluster. You see what would be done before anything is."
            : `Takes over the servers and DNS roles of the reseller ${account.username} of a cPanel & WHM server. You see what would be done before anything is.`
        }
      />
      <ImportConfiguration accountId={accountId} />
    </>
  );
}
