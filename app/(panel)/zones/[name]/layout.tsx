import { Download, RefreshCw } from "lucide-react";
import type { Metadata } from "next";
import type { ReactNode } from "react";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { Link } from "@/components/ui/link";
import { PageHeader } from "@/components/ui/page-header";
import { RelativeTime } from "@/components/ui/relative-time";
import { ZoneName } from "@/components/zones/zone-name";
import { zonePath } from "@/components/zones/zone-path";
import { ZoneRefresh } from "@/components/zones/zone-refresh";
import { can } from "@/lib/access/authorize";
import { openConflicts } from "@/lib/conflicts/queries";
import { runtime } from "@/lib/runtime";
import { readSettings } from "@/lib/settings/settings";
import { digAddresses } from "@/lib/zones/queries-dig";
import { zoneReceipts } from "@/lib/zones/receipts";
import { ContestBanner } from "./contest-banner";
import { DeleteZone } from "./delete-zone";
import { ReceiptsPanel } from "./receipts-panel";
import { zoneOfPage } from "./zone-page";
import { ZoneTabs } from "./zone-tabs";

interface Props {
  params: Promise<{ name: string }>;
  children: ReactNode;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { view } = await zoneOfPage((await params).name);
  return { title: view.displayName };
}

export default async function ZoneLayout({ params, children }: Props) {
  const { actor, view } = await zoneOfPage((await params).name);
  const ctx = runtime();
  const [receipts, addresses, { recycleBinDays }, conflicts] = await Promise.all([
    zoneReceipts(ctx, actor, { name: view.name }),
    digAddresses(ctx, actor),
    readSettings(ctx.db.client, "zones"),
    openConflicts(ctx, actor, view.name),
  ]);
  return (
    <>
      <PageHeader
        crumbs={[{ href: "/zones", label: "Zones" }]}
        title={<ZoneName name={view.name} displayName={view.displayName} />}
        description={
          <>
            Serial <span className="font-mono">{view.serial}</span>, changed <RelativeTime at={view.updatedAt} />
            {actor.role === "root" && (
              <>
                , owned by <bdi>{view.owner}</bdi>
              </>
            )}
          </>
        }
        actions={
          <>
            <Button asChild>
              <a href={`/api${zonePath(view.name)}/file`} download>
                <Download aria-hidden="true" /> Export
              </a>
            </Button>
            {can(actor, "sync.manage") && (
              <Button asChild>
                <Link href={`/synchronize?zone=${encodeURIComponent(view.displayName)}`}>
                  <RefreshCw aria-hidden="true" /> Synchronize
                </Link>
              </Button>
            )}
            {can(actor, "zone.delete") && (
              <DeleteZone
                name={view.name}
                displayName={view.displayName}
                nameservers={receipts.targets.length}
                recycleBinDays={recycleBinDays}
              />
            )}
          </>
        }
      />
      {view.contest && (
        <ContestBanner
          name={view.name}
          displayName={view.displayName}
          contest={view.contest}
          mayKeep={can(actor, "zone.assign")}
        />
      )}
      {conflicts.n > 0 && (
        <Banner
          tone="warn"
          title={
            conflicts.n === 1
              ? "Two copies of this zone were in conflict."
              : `${conflicts.n} conflicts about this zone are open.`
          }
          action={
            <Link href={conflicts.n === 1 ? `/conflicts/${conflicts.id}` : "/conflicts"} className="link">
              See both copies
            </Link>
          }
          className="mb-4"
        >
          The newest one won. The other one is kept, and can be restored.
        </Banner>
      )}
      {(view.contest || conflicts.n > 0) && <ZoneRefresh name={view.name} />}
      <ReceiptsPanel
        name={view.name}
        seq={view.seq}
        initial={receipts}
        addresses={addresses}
        mayRepair={can(actor, "sync.manage")}
      />
      <ZoneTabs name={view.name} />
      {children}
    </>
  );
}
