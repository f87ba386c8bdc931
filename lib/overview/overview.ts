import type { Actor } from "@/lib/access/actor";
import { authorize, can } from "@/lib/access/authorize";
import type { Context } from "@/lib/context";
import { type EverywhereSummary, everywhereSummary } from "@/lib/proof/queries-everywhere";
import { waitingPlans } from "@/lib/sync-jobs/approval";
import { type ClusterSummary, summarizeCluster } from "./cluster-summary";
import { type RecentChange, recentChanges } from "./recent-changes";
import { countZones, type ZoneCounts } from "./zone-counts";

/** What the first page shows, as far as the asker may see it. */
export interface Overview {
  readonly zones: ZoneCounts;
  /** How far they are served. */
  readonly everywhere: EverywhereSummary;
  readonly recent: readonly RecentChange[];
  /** The members that the asker manages; null for those who manage none. */
  readonly cluster: ClusterSummary | null;
  /** Plans that wait for a yes which the asker may give. */
  readonly waitingPlans: Awaited<ReturnType<typeof waitingPlans>>;
}

/** Bounded work whatever the number of zones and members: it is asked again at every change while the page is open. @throws AppError "forbidden" */
export async function getOverview(ctx: Context, actor: Actor): Promise<Overview> {
  const { ownerId } = authorize(actor, "zone.read");
  const managesCluster = can(actor, "cluster.manage");
  const [zones, everywhere, recent, cluster, plans] = await Promise.all([
    countZones(ctx, ownerId),
    everywhereSummary(ctx, actor),
    recentChanges(ctx, ownerId),
    managesCluster ? summarizeCluster(ctx, ownerId) : null,
    can(actor, "sync.manage") ? waitingPlans(ctx, actor) : { count: 0, firstId: null },
  ]);
  return { zones, everywhere, recent, cluster, waitingPlans: plans };
}
