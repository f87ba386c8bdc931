import type { Context } from "@/lib/context";
import { join, type Queryable, sql } from "@/lib/db/database";
import { isWorkedOn } from "@/lib/members/held";
import { readSettings } from "@/lib/settings/settings";
import type { Problem } from "@/lib/sync/problem";
import type { Member } from "@/prisma/generated/sqlite/client";
import type { Topic } from "../events";
import { closeEpisode } from "../raise";

/** What is gone within this time, such as what a restart makes, is told to nobody. */
export const GRACE_MS = 2 * 60_000;

/** A target whose nameserver people are told of. */
export interface ObservedTarget {
  readonly id: number;
  /** null: the local nameserver's. */
  readonly member: Member | null;
  /** What is sent there fails: it is out of reach as a whole, which has a notice of its own. */
  readonly isFailing: boolean;
  /** The account that a reseller's member is to be told of alone: a zone that moved away may still be answered there. */
  readonly onlyOf: number | null;
}

interface Row {
  readonly id: number | bigint;
  readonly memberId: number | bigint | null;
  readonly isFailing: number | bigint;
}

/** The local nameserver and the members that are worked on, each in a transaction of its own. One that is held is left as it is. */
export async function eachObserved(
  ctx: Context,
  tell: (tx: Queryable, target: ObservedTarget) => Promise<void>,
): Promise<void> {
  const { isEnabled } = await readSettings(ctx.db.client, "cluster");
  const rows = await ctx.db.client.$queryRaw<Row[]>(sql`
    SELECT t."id", t."memberId", CASE WHEN t."attempts" > 0 OR a."failures" > 0 THEN 1 ELSE 0 END AS "isFailing"
    FROM "Target" t LEFT JOIN "Member" a ON a."id" = t."memberId" WHERE ${isEnabled ? isWorkedOn : sql`t."memberId" IS NULL`}`);
  for (const { id, memberId, isFailing } of rows)
    await ctx.db.transaction(async (tx) => {
      const member = memberId === null ? null : await tx.member.findUnique({ where: { id: Number(memberId) } });
      if (memberId !== null && !member) return;
      const onlyOf = await privateTo(tx, member);
      await tell(tx, { id: Number(id), member, isFailing: Number(isFailing) === 1, onlyOf });
    }, "notice.observed");
}

async function privateTo(tx: Queryable, member: Member | null): Promise<number | null> {
  if (!member) return null;
  const owner = await tx.user.findUnique({ where: { id: member.ownerId }, select: { role: true } });
  return owner?.role === "reseller" ? member.ownerId : null;
}

/** Whether there is such a problem, or an episode of the event goes on. */
export async function isAnything(db: Queryable, event: Topic, problems: readonly Problem[]): Promise<boolean> {
  if ((await db.notice.count({ where: { event, endedAt: null } })) > 0) return true;
  const rows = await db.$queryRaw<unknown[]>(
    sql`SELECT 1 AS "one" FROM "ZoneTarget" WHERE "problem" IN (${join([...problems])}) LIMIT 1`,
  );
  return rows.length > 0;
}

/** Zones with such a problem at a target. Instants are epoch milliseconds. */
export interface Found {
  readonly zones: number;
  /** When the oldest was seen first, and when one of them was looked at last. */
  readonly since: number;
  readonly lookedAt: number;
  /** The first few of them. */
  readonly first: readonly { readonly name: string; readonly problem: Problem; readonly detail: string | null }[];
}

/** Zones that are named. */
const NAMED = 5;

export async function findProblems(
  tx: Queryable,
  { id, onlyOf }: ObservedTarget,
  problems: readonly Problem[],
): Promise<Found> {
  const where = sql`FROM "ZoneTarget" t JOIN "Zone" z ON z."id" = t."zoneId"
    WHERE t."targetId" = ${id} AND t."problem" IN (${join([...problems])}) AND ${onlyOf === null ? sql`1 = 1` : sql`z."ownerId" = ${onlyOf}`}`;
  const [counted] = await tx.$queryRaw<
    Record<"zones" | "since" | "observedAt" | "contentAt", bigint | number | null>[]
  >(sql`
    SELECT count(*) AS "zones", min(t."problemSince") AS "since", max(t."observedAt") AS "observedAt", max(t."contentAt") AS "contentAt" ${where}`);
  const zones = Number(counted?.zones ?? 0);
  if (zones === 0) return { zones, since: 0, lookedAt: 0, first: [] };
  const first = await tx.$queryRaw<Found["first"][number][]>(sql`
    SELECT z."name", t."problem", t."observedDetail" AS "detail" ${where} ORDER BY t."problemSince", t."zoneId" LIMIT ${NAMED}`);
  return {
    ...{ zones, first, since: Number(counted?.since ?? 0) },
    lookedAt: Math.max(Number(counted?.observedAt ?? 0), Number(counted?.contentAt ?? 0)),
  };
}

/** Nothing is sent to some members any more: what their nameservers do is nobody's affair, and what was told of it ends untold. */
export async function closeLeft(ctx: Context, event: Topic): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    const open = await tx.notice.findMany({ where: { event, endedAt: null, memberId: { not: null } } });
    if (open.length === 0) return;
    const memberIds = open.flatMap(({ memberId }) => memberId ?? []);
    const targets = await tx.target.findMany({ where: { memberId: { in: memberIds } }, select: { memberId: true } });
    const kept = new Set(targets.map(({ memberId }) => memberId));
    for (const { memberId, episode } of open)
      if (!kept.has(memberId)) await closeEpisode(tx, event, episode, ctx.clock.now());
  }, "notice.left");
}
