import type { Context } from "@/lib/context";
import { join, type Queryable, sql } from "@/lib/db/database";
import { isWorkedOn } from "@/lib/members/held";
import { memberName } from "@/lib/members/member-name";
import { readSettings } from "@/lib/settings/settings";
import type { Problem } from "@/lib/sync/problem";
import type { Member } from "@/prisma/generated/sqlite/client";
import { beginEpisode, endEpisode, type Watched } from "../episodes";
import { noticeFacts } from "../events";
import { closeEpisode } from "../raise";

/** A difference that is gone within this time, such as one that a restart makes, is told to nobody. */
const GRACE_MS = 2 * 60_000;
/** Zones that are named. */
const NAMED = 5;

const WORDS: Readonly<Record<Problem, string>> = {
  lame: "not answered for",
  missing: "missing",
  "old-serial": "old serial",
  "newer-serial": "newer serial",
  content: "other content",
  extra: "still answered",
  unreachable: "DNS unreachable",
};
const UNREACHABLE: Problem = "unreachable";
const OTHERS = (Object.keys(WORDS) as Problem[]).filter((problem) => problem !== UNREACHABLE);

interface Row {
  readonly id: number | bigint;
  readonly memberId: number | bigint | null;
  /** What is sent there fails: it is out of reach as a whole, which has a notice of its own. */
  readonly isFailing: number | bigint;
}

/**
 * Tells that a nameserver serves otherwise than its target acknowledged, once for each target until nothing differs there any more. A target that is held is
 * left as it is; one that is out of reach as a whole is not told of for that, nor said to be over.
 */
export async function tellDrift(ctx: Context): Promise<void> {
  if (!(await isAnything(ctx.db.client))) return;
  const { isEnabled } = await readSettings(ctx.db.client, "cluster");
  const targets = await ctx.db.client.$queryRaw<Row[]>(sql`
    SELECT t."id", t."memberId", CASE WHEN t."memberId" IS NULL OR t."attempts" > 0 OR a."failures" > 0 THEN 1 ELSE 0 END AS "isFailing"
    FROM "Target" t LEFT JOIN "Member" a ON a."id" = t."memberId" WHERE ${isEnabled ? isWorkedOn : sql`t."memberId" IS NULL`}`);
  for (const target of targets) await ctx.db.transaction((tx) => tellTarget(tx, ctx, target));
  await ctx.db.transaction((tx) => closeLeft(tx, ctx.clock.now()));
}

/** Whether there is a difference, or was one that is told of. */
async function isAnything(db: Queryable): Promise<boolean> {
  if ((await db.notice.count({ where: { event: "drift-found", endedAt: null } })) > 0) return true;
  const rows = await db.$queryRaw<unknown[]>(
    sql`SELECT 1 AS "one" FROM "ZoneTarget" WHERE "problem" IN (${join([...OTHERS, UNREACHABLE])}) LIMIT 1`,
  );
  return rows.length > 0;
}

async function tellTarget(tx: Queryable, ctx: Context, target: Row): Promise<void> {
  const isFailing = Number(target.isFailing) === 1;
  const member = await memberOf(tx, target);
  if (target.memberId !== null && !member) return;
  const name = member ? memberName(member) : "This server";
  const found = await findDrift(
    tx,
    Number(target.id),
    isFailing ? OTHERS : [...OTHERS, UNREACHABLE],
    await privateTo(tx, member),
  );
  const watched: Watched<"drift-found"> = {
    ...{ event: "drift-found", key: member ? `member:${member.id}` : "local", ownerId: member?.ownerId ?? null },
    ...(member ? { memberId: member.id } : {}),
  };
  if (found.zones > 0 && found.since <= ctx.clock.now() - GRACE_MS)
    return beginEpisode(tx, ctx, watched, { member: name, ...found });
  // What is out of reach only counts no more, and is not mended.
  if (found.zones > 0 || (isFailing && member)) return;
  const begun = await tx.notice.findFirst({
    where: { event: "drift-found", endedAt: null, episode: { startsWith: `${watched.key}:` } },
  });
  if (begun === null) return;
  const { since } = noticeFacts("drift-found", JSON.parse(begun.facts));
  await endEpisode(tx, ctx, watched, { event: "drift-over", facts: { member: name, since } });
}

async function memberOf(tx: Queryable, { memberId }: Row): Promise<Member | null> {
  return memberId === null ? null : tx.member.findUnique({ where: { id: Number(memberId) } });
}

/** The account that a reseller's member is to be told of alone: a zone that moved away may still be answered there. */
async function privateTo(tx: Queryable, member: Member | null): Promise<number | null> {
  if (!member) return null;
  const owner = await tx.user.findUnique({ where: { id: member.ownerId }, select: { role: true } });
  return owner?.role === "reseller" ? member.ownerId : null;
}

async function findDrift(tx: Queryable, targetId: number, problems: readonly Problem[], ownerId: number | null) {
  const where = sql`FROM "ZoneTarget" t JOIN "Zone" z ON z."id" = t."zoneId"
    WHERE t."targetId" = ${targetId} AND t."problem" IN (${join([...problems])}) AND ${ownerId === null ? sql`1 = 1` : sql`z."ownerId" = ${ownerId}`}`;
  const [counted] = await tx.$queryRaw<
    Record<"zones" | "since" | "observedAt" | "contentAt", bigint | number | null>[]
  >(sql`
    SELECT count(*) AS "zones", min(t."problemSince") AS "since", max(t."observedAt") AS "observedAt", max(t."contentAt") AS "contentAt" ${where}`);
  const zones = Number(counted?.zones ?? 0);
  if (zones === 0) return { zones, since: 0, lookedAt: 0, first: [] };
  const rows = await tx.$queryRaw<{ name: string; problem: Problem; observedDetail: string | null }[]>(sql`
    SELECT z."name", t."problem", t."observedDetail" ${where} ORDER BY t."problemSince", t."zoneId" LIMIT ${NAMED}`);
  return {
    zones,
    since: Number(counted?.since ?? 0),
    lookedAt: Math.max(Number(counted?.observedAt ?? 0), Number(counted?.contentAt ?? 0)),
    first: rows.map(({ name, problem, observedDetail }) => ({
      zone: name,
      cause: observedDetail === null ? WORDS[problem] : `${WORDS[problem]}: ${observedDetail}`,
    })),
  };
}

/** Nothing is sent to these members any more: what differs there is nobody's affair. */
async function closeLeft(tx: Queryable, now: number): Promise<void> {
  const open = await tx.notice.findMany({ where: { event: "drift-found", endedAt: null, memberId: { not: null } } });
  if (open.length === 0) return;
  const memberIds = open.flatMap(({ memberId }) => memberId ?? []);
  const targets = await tx.target.findMany({ where: { memberId: { in: memberIds } }, select: { memberId: true } });
  const kept = new Set(targets.map(({ memberId }) => memberId));
  for (const { memberId, episode } of open)
    if (!kept.has(memberId)) await closeEpisode(tx, "drift-found", episode, now);
}
