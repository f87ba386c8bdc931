import type { Actor } from "@/lib/access/actor";
import { authorize } from "@/lib/access/authorize";
import type { Context } from "@/lib/context";
import { join, type Queryable, sql } from "@/lib/db/database";
import { toUnicode } from "@/lib/dns/name";
import { backendOf } from "@/lib/members/backends";
import { dnsRoleAt } from "@/lib/members/dns-role";
import { memberName, NAME_COLUMNS } from "@/lib/members/member-name";
import { readSettings } from "@/lib/settings/settings";
import type { OrphanKind } from "@/lib/sync/orphan-kind";
import type { OrphanQuery } from "./schemas";

/** A zone that nobody owns, as the page lists it. Instants are epoch milliseconds. */
export interface OrphanRow {
  readonly id: number;
  /** null: the account is gone, whatever member it came from. */
  readonly member: { readonly id: number; readonly name: string } | null;
  readonly zone: string;
  readonly displayName: string;
  readonly side: "there" | "here";
  readonly kind: OrphanKind;
  readonly firstSeenAt: number;
  readonly lastSeenAt: number;
  readonly serial: number | null;
  readonly records: number | null;
  readonly kept: { readonly at: number; readonly by: string; readonly reason: string } | null;
  /** Another member, which has zones of its own, holds it as well: it is most likely that server's. null: none is known. */
  readonly likelyOf: string | null;
  readonly mayRemove: boolean;
  readonly mayAdopt: boolean;
}

export interface OrphanList {
  readonly rows: readonly OrphanRow[];
  readonly total: number;
  readonly page: number;
  readonly pageSize: number;
  /** How many there are of each sort, whatever is shown. */
  readonly counts: Readonly<Record<OrphanQuery["show"], number>>;
  readonly graceHours: number;
}

const PAGE_SIZE = 50;
const HOUR_MS = 60 * 60_000;

type Figure = number | bigint;

/** Which of the four lists a row `o` is in. What is here by now is in none. */
const sortOf = (due: number) => sql`
  CASE WHEN o."keptAt" IS NOT NULL THEN 'kept' WHEN o."kind" = 'own' THEN 'own' WHEN o."firstSeenAt" > ${due} THEN 'new' ELSE 'due' END`;

/** Rows that `ownerId` may see: of members of its own, and of zones that are still as they were found. null: everybody's. */
const visible = (ownerId: number | null) => sql`
  FROM "Orphan" o LEFT JOIN "Member" m ON m."id" = o."memberId" LEFT JOIN "User" u ON u."id" = m."ownerId"
    LEFT JOIN "Zone" z ON z."name" = o."zone" AND z."deletedAt" IS NULL AND (u."role" IS NULL OR u."role" = 'root' OR z."ownerId" = m."ownerId")
  WHERE ${ownerId === null ? sql`1 = 1` : sql`m."ownerId" = ${ownerId}`}
    AND CASE WHEN o."side" = 'there' THEN z."id" IS NULL ELSE z."id" IS NOT NULL AND (o."kind" <> 'source-gone' OR z."originMemberId" = o."memberId") END`;

/**
 * Zones that nobody owns: those of the asker's own members, for root of all.
 * @throws AppError "forbidden"
 */
export async function listOrphans(ctx: Context, actor: Actor, query: OrphanQuery): Promise<OrphanList> {
  const { ownerId } = authorize(actor, "cluster.manage");
  const { orphanGraceHours } = await readSettings(ctx.db.client, "cluster");
  const sort = sortOf(ctx.clock.now() - orphanGraceHours * HOUR_MS);
  const word = query.q.trim().toLowerCase();
  const named = word === "" ? sql`1 = 1` : sql`o."zone" LIKE ${`%${word.replace(/[\\%_]/g, "\\$&")}%`} ESCAPE '\\'`;
  const db = ctx.db.client;
  const [sorts, rows] = await Promise.all([
    db.$queryRaw<{ sort: OrphanQuery["show"]; n: Figure; named: Figure }[]>(
      sql`SELECT ${sort} AS "sort", count(*) AS "n", count(CASE WHEN ${named} THEN 1 END) AS "named" ${visible(ownerId)} GROUP BY 1`,
    ),
    db.$queryRaw<{ id: Figure }[]>(sql`
      SELECT o."id" ${visible(ownerId)} AND ${sort} = ${query.show} AND ${named}
      ORDER BY o."firstSeenAt" DESC, o."zone", o."id" LIMIT ${PAGE_SIZE} OFFSET ${(query.page - 1) * PAGE_SIZE}`),
  ]);
  const countOf = (show: OrphanQuery["show"]) => Number(sorts.find((row) => row.sort === show)?.n ?? 0);
  return {
    rows: await orphanRows(
      ctx,
      rows.map(({ id }) => Number(id)),
      ctx.clock.now() - orphanGraceHours * HOUR_MS,
    ),
    total: Number(sorts.find((row) => row.sort === query.show)?.named ?? 0),
    ...{ page: query.page, pageSize: PAGE_SIZE, graceHours: orphanGraceHours },
    counts: { due: countOf("due"), new: countOf("new"), own: countOf("own"), kept: countOf("kept") },
  };
}

/** How many of the asker's are no longer new, and nobody's decision yet. @throws AppError "forbidden" */
export async function countOrphans(ctx: Context, actor: Actor): Promise<number> {
  const { ownerId } = authorize(actor, "cluster.manage");
  const { orphanGraceHours } = await readSettings(ctx.db.client, "cluster");
  const sort = sortOf(ctx.clock.now() - orphanGraceHours * HOUR_MS);
  const [row] = await ctx.db.client.$queryRaw<{ n: Figure }[]>(
    sql`SELECT count(*) AS "n" ${visible(ownerId)} AND ${sort} = 'due'`,
  );
  return Number(row?.n ?? 0);
}

/** Ids among these that the asker may see, with what they are. */
export async function visibleOrphans(
  db: Queryable,
  ownerId: number | null,
  ids: readonly number[],
): Promise<
  {
    id: number;
    memberId: number;
    memberOwnerId: number | null;
    zone: string;
    kind: OrphanKind;
    side: string;
    firstSeenAt: number;
  }[]
> {
  const rows = await db.$queryRaw<
    {
      id: Figure;
      memberId: Figure;
      ownerId: Figure | null;
      zone: string;
      kind: OrphanKind;
      side: string;
      firstSeenAt: Figure;
    }[]
  >(sql`
    SELECT o."id", o."memberId", m."ownerId", o."zone", o."kind", o."side", o."firstSeenAt" ${visible(ownerId)} AND o."id" IN (${join([...ids])})`);
  return rows.map(({ id, memberId, ownerId: memberOwnerId, firstSeenAt, ...rest }) => ({
    ...rest,
    ...{ id: Number(id), memberId: Number(memberId), firstSeenAt: Number(firstSeenAt) },
    memberOwnerId: memberOwnerId === null ? null : Number(memberOwnerId),
  }));
}

async function orphanRows(ctx: Context, ids: readonly number[], due: number): Promise<OrphanRow[]> {
  const db = ctx.db.client;
  const rows = await db.orphan.findMany({ where: { id: { in: [...ids] } } });
  const members = await db.member.findMany({
    where: { id: { in: rows.map(({ memberId }) => memberId) } },
    select: { id: true, ownerId: true, role: true, ...NAME_COLUMNS },
  });
  const own = await db.orphan.findMany({
    where: { zone: { in: rows.map(({ zone }) => zone) }, side: "there", kind: "own" },
    select: { zone: true, memberId: true },
  });
  const holders = await db.member.findMany({
    where: { id: { in: own.map(({ memberId }) => memberId) } },
    select: { id: true, ownerId: true, ...NAME_COLUMNS },
  });
  return ids.flatMap((id): OrphanRow[] => {
    const row = rows.find((candidate) => candidate.id === id);
    if (!row) return [];
    const member = members.find(({ id: memberId }) => memberId === row.memberId);
    const role = member && dnsRoleAt(backendOf(member.backend), member.role);
    const isService = member ? backendOf(member.backend).isService : true;
    // Whose server it is that holds it is said of the same account's servers only.
    const likely = own.flatMap(({ zone, memberId }) =>
      zone === row.zone && memberId !== row.memberId
        ? holders.filter((holder) => holder.id === memberId && holder.ownerId === member?.ownerId)
        : [],
    )[0];
    const kind = row.kind as OrphanKind;
    const isDue = Number(row.firstSeenAt) <= due && row.keptAt === null;
    return [
      {
        ...{ id, zone: row.zone, displayName: toUnicode(row.zone), kind, side: row.side as OrphanRow["side"] },
        member: member ? { id: member.id, name: memberName(member) } : null,
        ...{ firstSeenAt: Number(row.firstSeenAt), lastSeenAt: Number(row.lastSeenAt) },
        ...{ serial: row.serial === null ? null : Number(row.serial), records: row.records },
        kept:
          row.keptAt === null ? null : { at: Number(row.keptAt), by: row.keptBy ?? "", reason: row.keptReason ?? "" },
        likelyOf: likely ? memberName(likely) : null,
        mayRemove: isDue && !isService && kind !== "account-gone" && (row.side === "here" || role?.sends === true),
        mayAdopt: isDue && !isService && ["unknown", "own", "newer"].includes(kind),
      },
    ];
  });
}
