import { type Actor, actorId } from "@/lib/access/actor";
import { authorize } from "@/lib/access/authorize";
import type { Context } from "@/lib/context";
import type { Database } from "@/lib/db/database";
import { limitWords } from "@/lib/drivers/records/record-limits";
import { driverLimits } from "@/lib/drivers/registry";
import { AppError } from "@/lib/errors";
import { readSettings, type Settings } from "@/lib/settings/settings";
import { readTrusts } from "@/lib/trust/read-trusts";
import type { Trust } from "@/lib/trust/trust-state";
import type { Member } from "@/prisma/generated/sqlite/client";
import { type Backend, backendOf } from "./backends";
import { inEffectWords } from "./combined-role";
import { heldBack } from "./held";
import { type MemberView, memberView } from "./member-view";
import { type MemberReach, reachCondition, readReaches } from "./reach";
import { countChanges, countSetAside, countWaiting } from "./waiting";

/** How far behind a member's target is. A member without a target (Standalone) is behind in nothing. */
export interface MemberBacklog {
  /** Changed zones that were not sent yet. */
  readonly waiting: number;
  /** Zones that failed there and are tried again, each at its own time. */
  readonly setAside: number;
  /** It is still to be asked what it holds, before anything is sent: at first contact, and after "synchronize again". */
  readonly isComparing: boolean;
  /** Changes that wait, several of one zone counted each; counted only while the member is held, null otherwise. */
  readonly changes: number | null;
}

const NO_BACKLOG: MemberBacklog = { waiting: 0, setAside: 0, isComparing: false, changes: null };

export interface MemberRow extends MemberView, MemberBacklog {
  readonly trust: Trust;
  /** Why a reseller's role is not in effect as chosen; null: it is. */
  readonly roleNote: string | null;
}

export interface MemberList {
  readonly rows: readonly MemberRow[];
  readonly total: number;
  readonly page: number;
  readonly pageSize: number;
}

const PAGE_SIZE = 50;

/**
 * One page of the table "Servers in your DNS cluster", by hostname: the asker's own.
 * @param query.q part of the hostname that was entered, or that the server calls itself by
 * @param query.accountId "Managing DNS cluster as": root looks at the cluster of this account
 * @throws AppError "forbidden", "not-found" for somebody else's
 */
export async function listMembers(
  ctx: Context,
  actor: Actor,
  query: { page?: number; accountId?: number; q?: string } = {},
): Promise<MemberList> {
  const ownerId = query.accountId === undefined ? ownClusterOf(actor) : clusterAccount(actor, query.accountId);
  const named = { contains: (query.q ?? "").trim().toLowerCase() };
  const where = {
    ...(ownerId === null ? {} : { ownerId }),
    ...(named.contains === "" ? {} : { OR: [{ hostname: named }, { remoteHostname: named }] }),
  };
  const page = Math.max(1, query.page ?? 1);
  const [total, members, cluster] = await Promise.all([
    ctx.db.client.member.count({ where }),
    ctx.db.client.member.findMany({
      where,
      orderBy: [{ hostname: "asc" }, { username: "asc" }, { id: "asc" }],
      skip: (page - 1) * PAGE_SIZE,
      take: PAGE_SIZE,
    }),
    readSettings(ctx.db.client, "cluster"),
  ]);
  return { rows: await memberRows(ctx, members, cluster), total, page, pageSize: PAGE_SIZE };
}

async function memberRows(
  ctx: Context,
  members: readonly Member[],
  cluster: Settings<"cluster">,
): Promise<MemberRow[]> {
  const ids = members.map((member) => member.id);
  const reaches = await readReaches(ctx.db.client, ids.length === 1 ? ids[0] : undefined);
  const [backlogs, trusts] = await Promise.all([
    readBacklogs(ctx.db, members, reaches),
    readTrusts(ctx.db.client, ctx, members),
  ]);
  return members.flatMap((member) => {
    const trust = trusts.get(member.id);
    if (!trust) return [];
    const backlog = backlogs.get(member.id) ?? NO_BACKLOG;
    return [{ ...memberView(member, cluster), ...backlog, trust, roleNote: roleNote(reaches.get(member.id)) }];
  });
}

/** Whose cluster the pages show when nothing else is said: one's own. The system acts for the whole server. */
function ownClusterOf(actor: Actor): number | null {
  authorize(actor, "cluster.manage");
  return actorId(actor);
}

/** @throws AppError "not-found" for somebody else's cluster, unless root asks */
function clusterAccount(actor: Actor, accountId: number): number {
  authorize(actor, "cluster.manage", accountId);
  return accountId;
}

function roleNote(reach: MemberReach | undefined): string | null {
  return reach?.combined ? inEffectWords(reach.combined.inEffect) : null;
}

/** The row of a member that the actor may manage. @throws AppError "not-found" also for somebody else's */
export async function findMember(ctx: Context, actor: Actor, id: number): Promise<Member> {
  const { ownerId } = authorize(actor, "cluster.manage");
  const member = await ctx.db.client.member.findUnique({ where: { id } });
  if (!member || (ownerId !== null && member.ownerId !== ownerId))
    throw new AppError("not-found", "There is no such server in your DNS cluster. It may have been deleted.");
  return member;
}

/** What a kind of member cannot hold of a zone, in sentences; empty for one that takes whole zones. */
export function backendLimits(backend: Backend["value"]): string[] {
  const limits = driverLimits(backend);
  return limits ? limitWords(limits) : [];
}

/** What the member's page shows on top of its row. */
export interface MemberDetail extends MemberRow {
  /** The account whose cluster it belongs to. */
  readonly ownerId: number;
  /** What it cannot hold of a zone, in sentences; empty for a server that takes whole zones. */
  readonly limits: readonly string[];
  /** Null for a Standalone member. */
  readonly target: {
    /** Zones whose current revision the member accepted. */
    readonly accepted: number;
    /** … and whose nameserver answered with the current serial. */
    readonly served: number;
    /** … whose nameserver answers for the zone, by serials of its own. */
    readonly present: number;
    readonly zones: number;
    /** The target as a whole waits until then (unreachable, refused …); null: it does not wait. */
    readonly retryAt: number | null;
    readonly error: string | null;
  } | null;
}

/** @throws AppError "not-found" */
export async function getMember(ctx: Context, actor: Actor, id: number): Promise<MemberDetail> {
  const member = await findMember(ctx, actor, id);
  const [cluster, target, reaches] = await Promise.all([
    readSettings(ctx.db.client, "cluster"),
    ctx.db.client.target.findUnique({ where: { memberId: id } }),
    readReaches(ctx.db.client, id),
  ]);
  const [found] = await memberRows(ctx, [member], cluster);
  if (!found) throw new Error("A member has exactly one row.");
  const limits = backendLimits(backendOf(member.backend).value);
  const row = { ...found, ownerId: member.ownerId, limits };
  const reach = reaches.get(id);
  if (!target || !reach) return { ...row, target: null };
  const [counts] = await ctx.db.client.$queryRaw<
    Record<"accepted" | "served" | "present" | "zones", number | bigint>[]
  >`
    SELECT count(*) AS "zones",
      count(CASE WHEN zt."ackSeq" >= z."changeSeq" THEN 1 END) AS "accepted",
      count(CASE WHEN zt."ackSeq" >= z."changeSeq" AND zt."observedState" = 'served' AND zt."observedSerial" = z."serial" AND zt."problem" IS NULL THEN 1 END) AS "served",
      count(CASE WHEN zt."ackSeq" >= z."changeSeq" AND zt."verifySeq" IS NULL AND zt."observedState" = 'present' THEN 1 END) AS "present"
    FROM "Zone" z LEFT JOIN "ZoneTarget" zt ON zt."zoneId" = z."id" AND zt."targetId" = ${target.id}
    WHERE z."deletedAt" IS NULL AND ${reachCondition(reach.reach)}`;
  const retryAt = Number(target.retryAt);
  return {
    ...row,
    target: {
      accepted: Number(counts?.accepted ?? 0),
      served: Number(counts?.served ?? 0),
      present: Number(counts?.present ?? 0),
      zones: Number(counts?.zones ?? 0),
      retryAt: target.error !== null && retryAt > 0 ? retryAt : null,
      error: target.error,
    },
  };
}

async function readBacklogs(
  db: Database,
  members: readonly Member[],
  reaches: ReadonlyMap<number, MemberReach>,
): Promise<Map<number, MemberBacklog>> {
  const targets = await db.client.target.findMany({ where: { memberId: { in: members.map(({ id }) => id) } } });
  const held = new Set(members.filter((member) => heldBack(member) !== null).map(({ id }) => id));
  const aside = await countSetAside(
    db.client,
    targets.map(({ id }) => id),
  );
  const backlogs = targets.map(async (target): Promise<[number, MemberBacklog]> => {
    const memberId = target.memberId ?? 0;
    const reach = reaches.get(memberId)?.reach ?? { kind: "none" };
    const at = { ...target, targetId: target.id, reach };
    const waiting = await countWaiting(db.client, [at]);
    const changes = held.has(memberId) ? await countChanges(db.client, at) : null;
    return [memberId, { waiting, setAside: aside.get(target.id) ?? 0, isComparing: target.needsCompare, changes }];
  });
  return new Map(await Promise.all(backlogs));
}
