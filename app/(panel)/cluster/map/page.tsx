import type { Metadata } from "next";
import { AskAgain } from "@/components/cluster/map/ask-again";
import { MapAdvice } from "@/components/cluster/map/map-advice";
import { MapPicture } from "@/components/cluster/map/map-picture";
import { MapTable } from "@/components/cluster/map/map-table";
import { LiveRefresh } from "@/components/live/live-refresh";
import { Banner } from "@/components/ui/banner";
import { Card } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { SearchInput } from "@/components/ui/search-input";
import { getMap } from "@/lib/cluster/map/get-map";
import { clusterPage } from "../cluster-page";

export const metadata: Metadata = { title: "Cluster map" };

export default async function ClusterMapPage({ searchParams }: { searchParams: Promise<{ q?: string }> }) {
  const { q = "" } = await searchParams;
  const { map, now } = await clusterPage(async (ctx, actor) => ({
    map: await getMap(ctx, actor),
    now: ctx.clock.now(),
  }));
  const wanted = q.trim().toLowerCase();
  const servers = map.servers.filter(({ name }) => name.toLowerCase().includes(wanted));
  const found = wanted === "" ? null : new Set(servers.map(({ key }) => key));
  return (
    <>
      <LiveRefresh topics={["cluster"]} />
      <PageHeader
        title="Cluster map"
        crumbs={[{ href: "/cluster", label: "DNS Cluster" }]}
        description="Who sends zones to whom, as the servers themselves say. Members are asked once a minute; what they were told by theirs follows."
        actions={map.isEnabled && <AskAgain />}
      />
      <div className="flex flex-col gap-4">
        {!map.isEnabled && (
          <Banner tone="warn">DNS clustering is disabled: members are not asked, and nothing is sent to them.</Banner>
        )}
        <Card
          title="Picture"
          actions={<SearchInput label="Search servers" placeholder="Server" className="max-w-48" />}
          flush
        >
          <p className="px-4 pt-3 text-muted">
            Arrows are the way of zones: solid lines send, dashed ones only take newer zones (Standalone), dotted ones
            do not tell their role. A mark on a line: the trust of the two is one-way or broken.
          </p>
          <MapPicture map={map} found={found} now={now} />
        </Card>
        <Card title="Advice">
          <MapAdvice map={map} />
        </Card>
        <Card title="Servers" flush>
          {servers.length === 0 ? (
            <p className="p-4 text-muted">No server of this name is known.</p>
          ) : (
            <MapTable map={map} servers={servers} now={now} />
          )}
        </Card>
      </div>
    </>
  );
}
