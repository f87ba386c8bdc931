import type { Context } from "@/lib/context";
import { join, sql } from "@/lib/db/database";
import { toUnicode } from "@/lib/dns/name";
import { targetReaches, targetsFor } from "@/lib/members/reach";
import { readSettings } from "@/lib/settings/settings";
import type { RevisionKind } from "@/lib/zones/commit-revision";

/** The newest change of a zone. Instants are epoch milliseconds. */
export interface RecentChange {
  readonly seq: number;
  readonly name: string;
  readonly displayName: string;
  readonly kind: RevisionKind;
  readonly actorName: string;
  readonly reason: string;
  readonly at: number;
  readonly delivery: {
    readonly state: "served" | "accepted" | "on-its-way";
    /** From the commit to the last nameserver's answer; null until every one answered. */
    readonly servedMs: number | null;
    /** Nameservers that answered with it, of how many; null for a reseller: the cluster is not theirs to see. */
    readonly served: number | null;
    readonly targets: number | null;
  };
}

const SHOWN = 12;

interface Row {
  readonly seq: number | bigint;
  readonly name: string;
  readonly kind: string;
  readonly actorName: string;
  readonly reason: string;
  readonly originMemberId: number | bigint | null;
  readonly ownerId: number | bigint;
  readonly createdAt: number | bigint;
}

interface DeliveryRow {
  readonly seq: number | bigint;
  readonly targetId: number | bigint;
  readonly servedAt: number | bigint | null;
}

/** The zones that changed last, each with its newest change and how far that has come. @param ownerId null: the whole server. */
export async function recentChanges({ db }: Pick<Context, "db">, ownerId: number | null): Promise<RecentChange[]> {
  const { isEnabled } = await readSettings(db.client, "cluster");
  const owner = ownerId === null ? sql`1 = 1` : sql`z."ownerId" = ${ownerId}`;
  const rows = await db.client.$queryRaw<Row[]>(sql`
    SELECT r."seq", z."name", r."kind", r."actorName", r."reason", r."originMemberId", r."createdAt", z."ownerId"
    FROM (SELECT * FROM "Zone" z WHERE ${owner} AND z."purgedAt" IS NULL ORDER BY z."changeSeq" DESC LIMIT ${SHOWN}) z
    JOIN "Revision" r ON r."seq" = z."changeSeq" ORDER BY r."seq" DESC`);
  if (rows.length === 0) return [];
  const [reaches, deliveries] = await Promise.all([
    targetReaches(db.client, isEnabled),
    db.client.$queryRaw<DeliveryRow[]>(sql`
      SELECT d."seq", d."targetId", d."servedAt" FROM "Delivery" d WHERE d."seq" IN (${join(rows.map((row) => row.seq))})`),
  ]);
  return rows.map((row) => {
    const targets = new Set(targetsFor(reaches, Number(row.ownerId)));
    const arrived = deliveries.filter(
      ({ seq, targetId }) => Number(seq) === Number(row.seq) && targets.has(Number(targetId)),
    );
    return recentChange(row, arrived, targets.size, ownerId === null);
  });
}

function recentChange(row: Row, arrived: readonly DeliveryRow[], targets: number, showsCounts: boolean): RecentChange {
  const servedAt = arrived.flatMap((delivery) => (delivery.servedAt === null ? [] : [Number(delivery.servedAt)]));
  const served = servedAt.length;
  const isServed = targets > 0 && served >= targets;
  const at = Number(row.createdAt);
  return {
    seq: Number(row.seq),
    name: row.name,
    displayName: toUnicode(row.name),
    kind: row.kind as RevisionKind,
    // As in a zone's history: who pushes from a member is not a reseller's to know.
    actorName: row.originMemberId !== null && !showsCounts ? "cluster" : row.actorName,
    reason: row.reason,
    at,
    delivery: {
      state: isServed ? "served" : targets > 0 && arrived.length >= targets ? "accepted" : "on-its-way",
      servedMs: isServed ? Math.max(0, ...servedAt.map((instant) => instant - at)) : null,
      served: showsCounts ? served : null,
      targets: showsCounts ? targets : null,
    },
  };
}
