import type { Actor } from "@/lib/access/actor";
import { authorize } from "@/lib/access/authorize";
import type { Context } from "@/lib/context";
import { join, sql } from "@/lib/db/database";
import { toUnicode } from "@/lib/dns/name";
import { validateZone } from "@/lib/dns/validate";
import type { Zone, ZoneProblem } from "@/lib/dns/zone";
import { formatZoneFile, parseCanonicalZone } from "@/lib/dns/zone-file";
import { AppError } from "@/lib/errors";
import { notEverywhereCondition } from "@/lib/proof/queries-everywhere";
import { type ContestView, contestedCondition, zoneContests } from "./queries-contest";
import { matchingRecords } from "./queries-match";
import {
  CONTENT_LIMIT,
  nameCondition,
  orderBy,
  type SearchTerm,
  type Sql,
  scopeCondition,
  searchContents,
  searchTerm,
} from "./queries-search";
import { type ZoneState, zoneDeliveries } from "./queries-state";
import type { ZoneListQuery } from "./schemas";
import { findZone, type StoredZone } from "./zone-row";

/** One line of the zone list or of the recycle bin. */
export interface ZoneRow {
  /** Apex as stored: absolute, A-labels. */
  readonly name: string;
  /** The same as people read it: Unicode, without the final dot. */
  readonly displayName: string;
  readonly serial: number;
  readonly recordCount: number;
  /** Epoch milliseconds. */
  readonly updatedAt: number;
  /** Epoch milliseconds since when it rests in the recycle bin. */
  readonly deletedAt: number | null;
  readonly owner: string;
  /** Records in which the search found its text, "owner TYPE rdata"; a few of them, none when the name matched. */
  readonly matches: readonly string[];
  readonly state: ZoneState;
  /** Targets whose nameserver answered with this serial, of all that should. */
  readonly served: number;
  readonly targets: number;
  /** Two servers write it; null: one does. */
  readonly contest: ContestView | null;
}

export interface ZoneList {
  readonly rows: readonly ZoneRow[];
  /** Zones in the whole list. With `isCapped` there are more: a search in records counts no further than 1,000. */
  readonly total: number;
  readonly isCapped: boolean;
  readonly page: number;
  readonly pageSize: number;
}

interface DbRow {
  id: number | bigint;
  name: string;
  serial: number | bigint;
  changeSeq: number | bigint;
  recordCount: number;
  updatedAt: number | bigint;
  deletedAt: number | bigint | null;
  owner: string | null;
}

/**
 * A page of the zones that the actor may see. With `q`: first the zones whose name holds the text, then those that hold it in a record.
 * Bounded work at any size: names are one index scan (7 ms for 100,000), records are read from the trigram index up to {@link CONTENT_LIMIT} zones, and not
 * at all while more names than that match.
 * @throws AppError "forbidden"
 */
export async function listZones(ctx: Context, actor: Actor, query: ZoneListQuery): Promise<ZoneList> {
  const { ownerId } = authorize(actor, "zone.read");
  const all = scopeCondition({ ownerId, deleted: query.deleted });
  const contested = query.writers === "two" ? sql`${all} AND ${contestedCondition(ctx)}` : all;
  const isNarrow = query.served === "not-everywhere";
  const scope = isNarrow ? sql`${contested} AND ${await notEverywhereCondition(ctx, actor)}` : contested;
  const term = searchTerm(query.q);
  const found = term ? await findPage(ctx, query, scope, term) : await plainPage(ctx, query, scope);
  const ids = found.rows.map((row) => Number(row.id));
  const [deliveries, contests] = await Promise.all([
    zoneDeliveries(ctx.db, query.deleted ? [] : ids),
    zoneContests(ctx, actor, ids),
  ]);
  const matches = term
    ? await matchingRecords(
        ctx.db,
        found.rows.filter((row) => !row.name.includes(term.name)),
        term,
      )
    : new Map<string, string[]>();
  return {
    rows: found.rows.map((row) => ({
      name: row.name,
      displayName: toUnicode(row.name),
      serial: Number(row.serial),
      recordCount: row.recordCount,
      updatedAt: Number(row.updatedAt),
      deletedAt: row.deletedAt === null ? null : Number(row.deletedAt),
      owner: row.owner ?? "",
      matches: matches.get(row.name) ?? [],
      ...(deliveries.get(Number(row.id)) ?? { state: "pending", served: 0, targets: 0 }),
      contest: contests.get(Number(row.id)) ?? null,
    })),
    total: found.total,
    isCapped: found.isCapped,
    page: query.page,
    pageSize: query.pageSize,
  };
}

type Found = { rows: DbRow[]; total: number; isCapped: boolean };

async function plainPage(ctx: Context, query: ZoneListQuery, scope: Sql): Promise<Found> {
  const total = await countZones(ctx, scope);
  const rows = await readRows(ctx, scope, orderBy(query.sort, query.dir), query.pageSize, offsetOf(query));
  return { rows, total, isCapped: false };
}

async function findPage(ctx: Context, query: ZoneListQuery, scope: Sql, term: SearchTerm): Promise<Found> {
  const named = sql`${scope} AND ${nameCondition(term)}`;
  const names = await countZones(ctx, named);
  const ids = names > CONTENT_LIMIT ? [] : await searchContents(ctx.db, term, scope);
  const held = ids.slice(0, CONTENT_LIMIT);
  const order = orderBy(query.sort, query.dir);
  const offset = offsetOf(query);
  const exactFirst = sql`CASE WHEN z."name" = ${`${term.name}.`} THEN 0 ELSE 1 END, ${order}`;
  const rows = offset < names ? await readRows(ctx, named, exactFirst, query.pageSize, offset) : [];
  if (rows.length < query.pageSize && held.length > 0) {
    const among = sql`z."id" IN (${join(held)})`;
    rows.push(...(await readRows(ctx, among, order, query.pageSize - rows.length, Math.max(0, offset - names))));
  }
  return { rows, total: names + held.length, isCapped: names > CONTENT_LIMIT || ids.length > CONTENT_LIMIT };
}

function offsetOf(query: ZoneListQuery): number {
  return (query.page - 1) * query.pageSize;
}

async function countZones(ctx: Context, condition: Sql): Promise<number> {
  const [row] = await ctx.db.client.$queryRaw<{ n: number | bigint }[]>`
    SELECT count(*) AS "n" FROM "Zone" z WHERE ${condition}`;
  return Number(row?.n ?? 0);
}

/** Skips in the index alone and reads whole rows only for the page. */
function readRows(ctx: Context, condition: Sql, order: Sql, limit: number, offset: number): Promise<DbRow[]> {
  return ctx.db.client.$queryRaw<DbRow[]>`
    SELECT z."id", z."name", z."serial", z."changeSeq", z."recordCount", z."updatedAt", z."deletedAt", u."username" AS "owner"
    FROM "Zone" z LEFT JOIN "User" u ON u."id" = z."ownerId"
    WHERE z."id" IN (SELECT z."id" FROM "Zone" z WHERE ${condition} ORDER BY ${order} LIMIT ${limit} OFFSET ${offset}) ORDER BY ${order}`;
}

/** A zone with everything its page shows. */
export interface ZoneView {
  readonly name: string;
  readonly displayName: string;
  /** Position in the change sequence: what an edit is based on. */
  readonly seq: number;
  readonly serial: number;
  readonly digest: string;
  readonly recordCount: number;
  readonly updatedAt: number;
  readonly owner: string;
  readonly zone: Zone;
  /** The same as canonical text: what travels to a browser, many times cheaper than objects. */
  readonly text: string;
  /** Warnings; a stored zone has no errors. */
  readonly problems: readonly ZoneProblem[];
  /** Two servers write it; null: one does. */
  readonly contest: ContestView | null;
}

/** A zone's row, present and the actor's own. @throws AppError "not-found", also for somebody else's and for one in the recycle bin */
export async function readableZone(ctx: Context, actor: Actor, name: string): Promise<StoredZone> {
  const { ownerId } = authorize(actor, "zone.read");
  const stored = await findZone(ctx.db.client, name);
  if (!stored || stored.deletedAt !== null || (ownerId !== null && stored.ownerId !== ownerId))
    throw new AppError("not-found", `There is no zone ${toUnicode(name)} here, or it is not yours.`);
  return stored;
}

/** The newest revision of a zone. @param name apex, canonical. @throws AppError "not-found" */
export async function getZone(ctx: Context, actor: Actor, name: string): Promise<ZoneView> {
  const stored = await readableZone(ctx, actor, name);
  const [revision, owner, contests] = await Promise.all([
    ctx.db.client.revision.findUnique({ where: { seq: BigInt(stored.seq) }, select: { text: true } }),
    ctx.db.client.user.findUnique({ where: { id: stored.ownerId }, select: { username: true } }),
    zoneContests(ctx, actor, [stored.id]),
  ]);
  if (!revision) throw new AppError("unavailable", "The zone was changed this moment. Try again.");
  const zone = parseCanonicalZone(revision.text, name);
  return {
    name,
    displayName: toUnicode(name),
    seq: stored.seq,
    serial: stored.serial,
    digest: stored.digest,
    recordCount: stored.recordCount,
    updatedAt: stored.updatedAt,
    owner: owner?.username ?? "",
    zone,
    text: revision.text,
    problems: validateZone(zone),
    contest: contests.get(stored.id) ?? null,
  };
}

/** A zone as a file to download: commented for people, readable for every nameserver. @throws AppError "not-found" */
export async function exportZone(
  ctx: Context,
  actor: Actor,
  name: string,
): Promise<{ fileName: string; text: string }> {
  const { zone } = await getZone(ctx, actor, name);
  return { fileName: zoneFileName(name), text: formatZoneFile(zone) };
}

/** Apexes are A-labels, but RFC 2317 puts a slash into them and an escape may hold anything. */
export function zoneFileName(name: string): string {
  return `${
    name
      .replace(/\.$/, "")
      .replace(/[^a-z0-9._-]/g, "_")
      .replace(/^\./, "_")
      .slice(0, 90) || "root"
  }.zone`;
}
