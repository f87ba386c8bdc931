import { type Actor, actorId } from "@/lib/access/actor";
import { authorize } from "@/lib/access/authorize";
import type { Context } from "@/lib/context";
import { join, type Queryable, sql } from "@/lib/db/database";
import { toUnicode } from "@/lib/dns/name";
import { findMember } from "@/lib/members/queries";
import { contestedSince } from "./contest";
import type { Sql } from "./queries-search";
import { senderKey } from "./writers";

/** That two servers write a zone (lib/zones/contest), as pages show it. */
export interface ContestView {
  /** Epoch milliseconds when it was seen last. */
  readonly at: number;
  /** The one whose copy came, and the one whose copy it met; null for those to whom the cluster's servers are not shown. */
  readonly writers: readonly [string, string] | null;
}

/** Zones `z` that carry the mark now. */
export function contestedCondition(ctx: Pick<Context, "clock">): Sql {
  return sql`z."contestedAt" > ${contestedSince(ctx.clock.now())}`;
}

/** This server, beside others in one sentence. */
const HERE = "this server";

interface ContestRow {
  readonly id: number | bigint;
  readonly contestedAt: number | bigint;
  readonly contestedById: number | bigint | null;
  readonly contestedOverId: number | bigint | null;
}

const COLUMNS = sql`z."id", z."contestedAt", z."contestedById", z."contestedOverId"`;

/** The marks of some zones (a page of them), by their ids. */
export async function zoneContests(
  ctx: Context,
  actor: Actor,
  zoneIds: readonly number[],
): Promise<Map<number, ContestView>> {
  if (zoneIds.length === 0) return new Map();
  const rows = await ctx.db.client.$queryRaw<ContestRow[]>(sql`
    SELECT ${COLUMNS} FROM "Zone" z WHERE z."id" IN (${join([...zoneIds])}) AND ${contestedCondition(ctx)}`);
  const names = authorize(actor, "zone.read").ownerId === null ? await writerNames(ctx.db.client, rows) : null;
  return new Map(rows.map((row) => [Number(row.id), contestView(row, names)]));
}

function contestView(row: ContestRow, names: ReadonlyMap<number, string> | null): ContestView {
  const nameOf = (id: number | bigint | null) => (id === null ? HERE : (names?.get(Number(id)) ?? "another server"));
  const writers = names && ([nameOf(row.contestedById), nameOf(row.contestedOverId)] as const);
  return { at: Number(row.contestedAt), writers };
}

async function writerNames(db: Queryable, rows: readonly ContestRow[]): Promise<Map<number, string>> {
  const ids = rows.flatMap((row) =>
    [row.contestedById, row.contestedOverId].flatMap((id) => (id === null ? [] : Number(id))),
  );
  if (ids.length === 0) return new Map();
  const writers = await db.writer.findMany({ where: { id: { in: [...new Set(ids)] } } });
  return new Map(writers.map(({ id, name }) => [id, name]));
}

/** How many of the actor's zones carry the mark. @throws AppError "forbidden" */
export async function countContested(ctx: Context, actor: Actor): Promise<number> {
  const { ownerId } = authorize(actor, "zone.read");
  const [row] = await ctx.db.client.$queryRaw<{ n: number | bigint }[]>(sql`
    SELECT count(*) AS "n" FROM "Zone" z
    WHERE z."deletedAt" IS NULL AND ${contestedCondition(ctx)} AND ${ownerId === null ? sql`1 = 1` : sql`z."ownerId" = ${ownerId}`}`);
  return Number(row?.n ?? 0);
}

/** Zones that a member and another server write. */
export interface MemberContests {
  readonly rows: readonly { readonly name: string; readonly displayName: string; readonly contest: ContestView }[];
  readonly total: number;
}

/** Shown at a time; the zone list has the others. */
const SHOWN = 20;

/** @throws AppError "not-found" */
export async function memberContests(ctx: Context, actor: Actor, input: { memberId: number }): Promise<MemberContests> {
  const member = await findMember(ctx, actor, input.memberId);
  const { ownerId } = authorize(actor, "cluster.manage");
  const db = ctx.db.client;
  const keys = [senderKey(member.serverId, member.address), senderKey(null, member.address)];
  const writers = await db.writer.findMany({ where: { key: { in: keys } }, select: { id: true } });
  if (writers.length === 0) return { rows: [], total: 0 };
  const ids = join(writers.map(({ id }) => id));
  const owned = ownerId === null ? sql`1 = 1` : sql`z."ownerId" = ${actorId(actor)}`;
  const where = sql`z."deletedAt" IS NULL AND ${contestedCondition(ctx)} AND ${owned} AND (z."contestedById" IN (${ids}) OR z."contestedOverId" IN (${ids}))`;
  const [[count], rows] = await Promise.all([
    db.$queryRaw<{ n: number | bigint }[]>(sql`SELECT count(*) AS "n" FROM "Zone" z WHERE ${where}`),
    db.$queryRaw<(ContestRow & { name: string })[]>(
      sql`SELECT ${COLUMNS}, z."name" FROM "Zone" z WHERE ${where} ORDER BY z."contestedAt" DESC, z."id" LIMIT ${SHOWN}`,
    ),
  ]);
  const names = ownerId === null ? await writerNames(db, rows) : null;
  return {
    total: Number(count?.n ?? 0),
    rows: rows.map((row) => ({ name: row.name, displayName: toUnicode(row.name), contest: contestView(row, names) })),
  };
}
