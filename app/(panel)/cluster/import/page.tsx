import type { Metadata } from "next";
import { ImportConfiguration } from "@/components/cluster/import-configuration";
import { PageHeader } from "@/components/ui/page-header";
import { getCluster } from "@/lib/cluster/settings";
import { clusterPage } from "../cluster-page";

export const metadata: Metadata = { title: "Import a WHM server's DNS cluster" };

export default async function ImportPage() {
  await clusterPage(getCluster);
  return (
    <>
      <PageHeader
        title="Import from WHM"
        crumbs={[{ href: "/cluster", label: "DNS Cluster" }]}
        description="Takes over the servers, DNS roles and options of a cPanel & WHM server's DNS cluster. You see what would be done before anything is."
      />
      <ImportConfiguration />
    </>
  );
}
