import type { Context } from "@/lib/context";
import type { MemberStatus } from "@/lib/members/member-status";
import { type MemberView, memberView } from "@/lib/members/member-view";
import { readSettings } from "@/lib/settings/settings";

export interface ClusterSummary {
  readonly isEnabled: boolean;
  readonly total: number;
  readonly online: number;
  /** Those that need attention first, then by hostname; no more than a glance takes. */
  readonly members: readonly MemberView[];
}

const SHOWN = 8;

/** What needs a person first. */
const URGENCY: Record<MemberStatus["state"], number> = {
  "certificate-changed": 0,
  failing: 1,
  slowed: 2,
  "not-checked": 3,
  online: 4,
  paused: 5,
};

/** Hundreds of members at most: their rows are read and judged in memory. */
export async function summarizeCluster({ db }: Pick<Context, "db">): Promise<ClusterSummary> {
  const [cluster, rows] = await Promise.all([
    readSettings(db.client, "cluster"),
    db.client.member.findMany({ orderBy: [{ hostname: "asc" }, { id: "asc" }] }),
  ]);
  const members = rows.map((row) => memberView(row, cluster));
  const byUrgency = [...members].sort((a, b) => URGENCY[a.status.state] - URGENCY[b.status.state]);
  return {
    isEnabled: cluster.isEnabled,
    total: members.length,
    online: members.filter(({ status }) => status.state === "online").length,
    members: byUrgency.slice(0, SHOWN),
  };
}
