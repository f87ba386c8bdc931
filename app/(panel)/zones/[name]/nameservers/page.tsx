import { CheckAgain } from "@/components/proof/check-again";
import { PairTable } from "@/components/proof/pair-table";
import { repairPair } from "@/components/proof/repair-pair";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { RelativeTime } from "@/components/ui/relative-time";
import { ZoneRefresh } from "@/components/zones/zone-refresh";
import { can } from "@/lib/access/authorize";
import { zoneProof } from "@/lib/proof/queries-zone";
import { CAUSES, type PairState } from "@/lib/proof/reason";
import { runtime } from "@/lib/runtime";
import { zoneOfPage } from "../zone-page";

/** How often it is asked again while a change is on its way to a nameserver, in ms. */
const ASK_MS = 3_000;
const PASSING: ReadonlySet<PairState> = new Set(
  CAUSES.filter(({ group }) => group === "checking").map(({ cause }) => cause),
);

interface Props {
  params: Promise<{ name: string }>;
}

export default async function ZoneNameserversPage({ params }: Props) {
  const { actor, view } = await zoneOfPage((await params).name);
  const pairs = await zoneProof(runtime(), actor, view.name);
  const isOnItsWay = pairs.some(({ reason }) => PASSING.has(reason.state));
  return (
    <>
      <ZoneRefresh name={view.name} everyMs={isOnItsWay ? ASK_MS : undefined} />
      <Card
        title="What each nameserver serves"
        description={
          <>
            Wanted: serial <span className="font-mono">{view.serial}</span>, changed{" "}
            <RelativeTime at={view.updatedAt} />
          </>
        }
        actions={
          pairs.some(({ isAskable }) => isAskable) && (
            <CheckAgain zone={view.name} label={`Check ${view.displayName} at every nameserver again`} />
          )
        }
        flush
      >
        {pairs.length === 0 ? (
          <EmptyState title="No nameserver takes this zone yet">
            The nameserver of this server appears here as soon as it has run once.
          </EmptyState>
        ) : (
          <PairTable pairs={pairs} actions={can(actor, "sync.manage") ? repairPair : undefined} />
        )}
      </Card>
    </>
  );
}
