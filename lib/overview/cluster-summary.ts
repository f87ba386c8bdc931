import type { Context } from "@/lib/context";
import { type MemberStatus, memberStatus } from "@/lib/members/member-status";
import { type MemberView, memberFacts, memberView, STATUS_COLUMNS } from "@/lib/members/member-view";
import { readSettings } from "@/lib/settings/settings";

export interface ClusterSummary {
  readonly isEnabled: boolean;
  readonly total: number;
  readonly online: number;
  /** Disabled at the failure threshold: they wait for somebody. */
  readonly disabled: number;
  /** Those that need attention first, then by hostname; no more than a glance takes. */
  readonly members: readonly MemberView[];
}

const SHOWN = 8;

/** What needs a person first. */
const URGENCY: Record<MemberStatus["state"], number> = {
  disabled: -1,
  "certificate-changed": 0,
  failing: 1,
  "nameserver-stopped": 1,
  slowed: 2,
  "not-checked": 3,
  "catching-up": 3,
  maintenance: 4,
  online: 4,
  paused: 5,
};

/** Hundreds of members at most: what tells their state is read and judged in memory, the rest only of those shown. @param ownerId null: members of every account. */
export async function summarizeCluster({ db }: Pick<Context, "db">, ownerId: number | null): Promise<ClusterSummary> {
  const [cluster, facts] = await Promise.all([
    readSettings(db.client, "cluster"),
    db.client.member.findMany({
      where: ownerId === null ? {} : { ownerId },
      select: { id: true, ...STATUS_COLUMNS },
      orderBy: [{ hostname: "asc" }, { id: "asc" }],
    }),
  ]);
  const judged = facts.map((row) => ({ id: row.id, state: memberStatus(memberFacts(row), cluster.isEnabled).state }));
  const shown = [...judged].sort((a, b) => URGENCY[a.state] - URGENCY[b.state]).slice(0, SHOWN);
  const rows = await db.client.member.findMany({ where: { id: { in: shown.map(({ id }) => id) } } });
  const rowOf = new Map(rows.map((row) => [row.id, row]));
  return {
    isEnabled: cluster.isEnabled,
    total: judged.length,
    online: judged.filter(({ state }) => state === "online").length,
    disabled: judged.filter(({ state }) => state === "disabled").length,
    members: shown.flatMap(({ id }) => {
      const row = rowOf.get(id);
      return row ? [memberView(row, cluster)] : [];
    }),
  };
}
