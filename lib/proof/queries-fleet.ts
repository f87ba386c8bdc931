import type { Actor } from "@/lib/access/actor";
import { authorize } from "@/lib/access/authorize";
import type { Context } from "@/lib/context";
import { type Queryable, sql } from "@/lib/db/database";
import { backendOf } from "@/lib/members/backends";
import { type MemberStatus, memberStatus } from "@/lib/members/member-status";
import { memberFacts, STATUS_COLUMNS } from "@/lib/members/member-view";
import { readSettings } from "@/lib/settings/settings";
import { reaches } from "@/lib/sync/reach";
import { countDiffering, type DifferingCount, differingScope, groupOf } from "./differing";
import type { Percentiles } from "./percentiles";
import { earliest } from "./queries-everywhere";
import { type Propagation, propagation } from "./queries-propagation";
import type { CauseGroup } from "./reason";
import type { PropagationWindow } from "./schemas";
import { type ProofTarget, proofTargets } from "./targets";

/** How one address of a nameserver was found. */
export interface AddressHealth {
  readonly address: string;
  readonly port: number;
  readonly udp: "answers" | "silent" | null;
  readonly tcp: "answers" | "silent" | null;
  /** When it was asked last. */
  readonly at: number | null;
  readonly detail: string | null;
}

/** A line of the fleet. Instants are epoch milliseconds. */
export interface FleetRow {
  readonly targetId: number;
  readonly memberId: number | null;
  readonly label: string;
  readonly isLocal: boolean;
  /** Its state and addresses are not the asker's to see. */
  readonly isForeign: boolean;
  /** null: the local nameserver, or not the asker's to see. */
  readonly status: MemberStatus | null;
  readonly isVerifiable: boolean;
  readonly addresses: readonly AddressHealth[];
  /** Zones that are to be there. */
  readonly zones: number;
  /** Of them: not among those that differ. */
  readonly inSync: number;
  readonly differing: Readonly<Record<CauseGroup, number>>;
  /** When the change was committed that waits longest. */
  readonly oldestWaitingAt: number | null;
  /** When the last whole round over its zones ended, and the slower one that compares content. */
  readonly sweptAt: number | null;
  readonly comparedAt: number | null;
  readonly propagation: Percentiles;
}

export interface Fleet {
  readonly rows: readonly FleetRow[];
  readonly zones: number;
  readonly propagation: Propagation;
  /** When the nameserver was looked at that was looked at longest ago; null: not known. */
  readonly lookedAt: number | null;
}

/**
 * Every nameserver with how it is, and what of the asker's zones is served there. A reseller's own members are named; of root's is told what they do with the reseller's
 * zones, and nothing else.
 * @throws AppError "forbidden"
 */
export async function fleet(ctx: Context, actor: Actor, input: { window: PropagationWindow }): Promise<Fleet> {
  const { ownerId } = authorize(actor, "zone.read");
  const db = ctx.db.client;
  const targets = await proofTargets(db, ownerId);
  const scope = await differingScope(db, { ownerId, targets });
  const counts = await countDiffering(db, scope);
  const [owners, statuses, addresses, committed, waits] = await Promise.all([
    zonesByOwner(db, ownerId),
    memberStatuses(db, targets),
    addressHealth(db, targets),
    commitTimes(
      db,
      counts.flatMap(({ firstSeq }) => firstSeq ?? []),
    ),
    propagation(db, { ownerId, targets, window: input.window, now: ctx.clock.now() }),
  ]);
  const rows = targets.map((target): FleetRow => {
    const { targetId, memberId, label, isForeign, isVerifiable } = target;
    const own = counts.filter((row) => row.targetId === targetId);
    const zones = [...owners].reduce((sum, [owner, count]) => sum + (reaches(target.reach, owner) ? count : 0), 0);
    return {
      ...{ targetId, label, isForeign, isVerifiable, zones },
      memberId: isForeign ? null : memberId,
      isLocal: memberId === null,
      status: isForeign ? null : (statuses.get(memberId ?? 0) ?? null),
      addresses: isForeign ? [] : (addresses.get(targetId) ?? unasked(target)),
      inSync: Math.max(0, zones - own.reduce((sum, { live }) => sum + live, 0)),
      differing: byGroup(own),
      oldestWaitingAt: committed.get(Math.min(...own.flatMap(({ firstSeq }) => firstSeq ?? []))) ?? null,
      // How long a round takes tells how many zones others have.
      sweptAt: isForeign ? null : target.sweepEndedAt,
      comparedAt: isForeign ? null : target.contentEndedAt,
      propagation: waits.byTarget.get(targetId) ?? { count: 0, p50: null, p95: null, p99: null },
    };
  });
  return {
    rows,
    zones: [...owners.values()].reduce((sum, count) => sum + count, 0),
    propagation: waits,
    lookedAt: earliest(rows.map(({ sweptAt }) => sweptAt)),
  };
}

function byGroup(counts: readonly DifferingCount[]): Record<CauseGroup, number> {
  const sums: Record<CauseGroup, number> = { problem: 0, "set-aside": 0, waiting: 0, checking: 0 };
  for (const { cause, count } of counts) sums[groupOf(cause)] += count;
  return sums;
}

async function commitTimes(db: Queryable, seqs: readonly number[]): Promise<Map<number, number>> {
  const rows = await db.revision.findMany({
    where: { seq: { in: seqs.map(BigInt) } },
    select: { seq: true, createdAt: true },
  });
  return new Map(rows.map(({ seq, createdAt }) => [Number(seq), Number(createdAt)]));
}

async function zonesByOwner(db: Queryable, ownerId: number | null): Promise<Map<number, number>> {
  const owned = ownerId === null ? sql`1 = 1` : sql`z."ownerId" = ${ownerId}`;
  const rows = await db.$queryRaw<{ ownerId: number | bigint; count: number | bigint }[]>(sql`
    SELECT z."ownerId", count(*) AS "count" FROM "Zone" z WHERE z."deletedAt" IS NULL AND ${owned} GROUP BY z."ownerId"`);
  return new Map(rows.map((row) => [Number(row.ownerId), Number(row.count)]));
}

async function memberStatuses(db: Queryable, targets: readonly ProofTarget[]): Promise<Map<number, MemberStatus>> {
  const ids = targets.flatMap(({ memberId, isForeign }) => (memberId === null || isForeign ? [] : memberId));
  const [{ isEnabled }, members] = await Promise.all([
    readSettings(db, "cluster"),
    db.member.findMany({ where: { id: { in: ids } }, select: { id: true, backend: true, ...STATUS_COLUMNS } }),
  ]);
  return new Map(
    members.map((row) => [row.id, memberStatus(memberFacts(row), isEnabled, backendOf(row.backend).isService)]),
  );
}

async function addressHealth(db: Queryable, targets: readonly ProofTarget[]): Promise<Map<number, AddressHealth[]>> {
  const rows = await db.targetAddress.findMany({
    where: { targetId: { in: targets.filter(({ isForeign }) => !isForeign).map(({ targetId }) => targetId) } },
    orderBy: [{ address: "asc" }, { port: "asc" }],
  });
  const states = rows.map(({ targetId, address, port, udpState, udpAt, tcpState, tcpAt, detail }) => {
    const asked = [udpAt, tcpAt].flatMap((at) => (at === null ? [] : Number(at)));
    const at = asked.length === 0 ? null : Math.max(...asked);
    return { targetId, health: { address, port, udp: answered(udpState), tcp: answered(tcpState), at, detail } };
  });
  const grouped = new Map<number, AddressHealth[]>();
  for (const { targetId, health } of states) grouped.set(targetId, [...(grouped.get(targetId) ?? []), health]);
  return grouped;
}

function answered(state: string | null): "answers" | "silent" | null {
  return state === "answers" || state === "silent" ? state : null;
}

function unasked({ addresses }: ProofTarget): AddressHealth[] {
  return addresses.map(({ address, port }) => ({ address, port, udp: null, tcp: null, at: null, detail: null }));
}
