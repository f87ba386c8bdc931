import { Server } from "lucide-react";
import type { Metadata } from "next";
import { LiveRefresh } from "@/components/live/live-refresh";
import { EverywhereLine } from "@/components/proof/everywhere-line";
import { FleetTable } from "@/components/proof/fleet-table";
import { PropagationChart } from "@/components/proof/propagation-chart";
import { WindowLinks } from "@/components/proof/window-links";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { Link } from "@/components/ui/link";
import { PageHeader } from "@/components/ui/page-header";
import { can } from "@/lib/access/authorize";
import { orNotFound } from "@/lib/auth/or-not-found";
import { currentActor } from "@/lib/auth/session";
import { everywhereSummary } from "@/lib/proof/queries-everywhere";
import { fleet } from "@/lib/proof/queries-fleet";
import { propagationWindow } from "@/lib/proof/schemas";
import { runtime } from "@/lib/runtime";

export const metadata: Metadata = { title: "Fleet status" };

interface Props {
  searchParams: Promise<{ window?: string | string[] }>;
}

export default async function FleetPage({ searchParams }: Props) {
  const actor = await currentActor();
  const ctx = runtime();
  const window = propagationWindow.parse((await searchParams).window);
  const [status, summary] = await orNotFound(
    Promise.all([fleet(ctx, actor, { window }), everywhereSummary(ctx, actor)]),
  );
  return (
    <>
      <LiveRefresh topics={["zones", "cluster", "members", "nameserver"]} calmMs={2_000} />
      <PageHeader
        title="Fleet status"
        description={<EverywhereLine summary={summary} />}
        actions={
          <Button variant={summary.notEverywhere > 0 ? "primary" : "secondary"} asChild>
            <Link href="/proof/problems">What is not yet everywhere</Link>
          </Button>
        }
      />
      <div className="flex flex-col gap-4">
        <Card title="Nameservers" flush>
          {status.rows.length === 0 ? (
            <EmptyState icon={<Server />} title="No nameserver takes zones yet">
              The nameserver of this server appears here as soon as it has run once.
            </EmptyState>
          ) : (
            <FleetTable rows={status.rows} local={can(actor, "settings.manage") ? ctx.nameserver().state : null} />
          )}
        </Card>
        <Card
          title="Propagation"
          description="From the commit of a change until a nameserver answers with it."
          actions={<WindowLinks window={window} />}
          flush
        >
          <PropagationChart propagation={status.propagation} />
        </Card>
      </div>
    </>
  );
}
