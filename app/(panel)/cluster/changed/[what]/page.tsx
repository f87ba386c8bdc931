import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { Link } from "@/components/ui/link";
import { PageHeader } from "@/components/ui/page-header";
import { type ClusterSettings, getCluster } from "@/lib/cluster/settings";
import { clusterPage } from "../../cluster-page";

export const metadata: Metadata = { title: "DNS Cluster" };

/** The confirmation after Change. It says what is in force now, whoever set it. */
export default async function ChangedPage({ params }: { params: Promise<{ what: string }> }) {
  const cluster = await clusterPage(getCluster);
  const { what } = await params;
  const say = what === "status" ? statusWords : what === "options" ? optionWords : notFound();
  const { title, text } = say(cluster);
  return (
    <>
      <PageHeader title="DNS Cluster" crumbs={[{ href: "/cluster", label: "DNS Cluster" }]} />
      <Banner tone="ok" title={title} className="max-w-2xl">
        {text}
      </Banner>
      <Button variant="primary" className="mt-4" asChild>
        <Link href="/cluster">Return to Cluster Status</Link>
      </Button>
    </>
  );
}

function statusWords({ isEnabled }: ClusterSettings) {
  return isEnabled
    ? {
        title: "DNS clustering is enabled.",
        text: "Now say which servers belong to your DNS cluster. Those that you had added before get what they missed.",
      }
    : {
        title: "DNS clustering is disabled.",
        text: "The servers in your cluster get nothing from this server any more, and it takes nothing from them. This server's own nameserver goes on. When you enable clustering again, they get what they missed.",
      };
}

function optionWords({ failureThreshold, notifyOnDisable, autoEnable }: ClusterSettings) {
  const threshold =
    failureThreshold === 0
      ? "All cluster members are kept online at all times."
      : `The failure threshold for cluster members is ${failureThreshold} failed commands in a row. Each member's count is shown beside it.`;
  const notification = `Notification when Zonefleet disables an unresponsive cluster member: ${notifyOnDisable ? "on" : "off"}.`;
  const enabling = autoEnable
    ? "A disabled member is enabled again when it answers."
    : "A disabled member stays disabled until you enable it.";
  return { title: "The global cluster options are saved.", text: `${threshold} ${enabling} ${notification}` };
}
