import type { Actor } from "@/lib/access/actor";
import { authorize } from "@/lib/access/authorize";
import type { Context } from "@/lib/context";
import { empty, join, type Queryable, sql } from "@/lib/db/database";
import { diffZones, type ZoneDiff } from "@/lib/dns/diff";
import { toUnicode } from "@/lib/dns/name";
import { parseCanonicalZone } from "@/lib/dns/zone-file";
import { AppError } from "@/lib/errors";
import type { ConflictListQuery } from "./schemas";

/** Conflicts `c` of zones `z` that may be seen: a reseller's own zones, since they are their own. */
export function seenConflicts(ownerId: number | null) {
  if (ownerId === null) return empty;
  return sql`AND z."ownerId" = ${ownerId} AND c."wonSeq" > z."ownedSinceSeq" AND (c."lostSeq" IS NULL OR c."lostSeq" >= z."ownedSinceSeq")`;
}

/** A conflict as lists show it. */
export interface ConflictRow {
  readonly id: number;
  readonly name: string;
  readonly displayName: string;
  /** Epoch milliseconds. */
  readonly at: number;
  /** This server's copy lost; otherwise the other side's. */
  readonly isOursLost: boolean;
  /** The other side; null for those to whom the cluster's servers are not shown. */
  readonly from: string | null;
  readonly isDeleted: boolean;
  /** null: it is open. */
  readonly settled: { readonly at: number; readonly as: "restored" | "kept"; readonly by: string } | null;
}

export interface ConflictList {
  readonly rows: readonly ConflictRow[];
  readonly total: number;
  readonly page: number;
  readonly pageSize: number;
}

const PAGE_SIZE = 50;

type Figure = number | bigint;

interface Row {
  readonly id: Figure;
  readonly name: string;
  readonly at: Figure;
  readonly isOursLost: boolean | Figure;
  readonly writerId: Figure | null;
  readonly deletedAt: Figure | null;
  readonly settledAt: Figure | null;
  readonly settledAs: "restored" | "kept" | null;
  readonly settledBy: string | null;
  readonly wonSeq: Figure;
  readonly lostSeq: Figure | null;
  readonly lostText: string;
  readonly lostSerial: Figure;
  readonly zoneId: Figure;
  readonly changeSeq: Figure;
}

const LIST = sql`c."id", z."name", c."at", c."isOursLost", c."writerId", z."deletedAt", c."settledAt", c."settledAs", c."settledBy"`;

/** Newest first. @throws AppError "forbidden" */
export async function listConflicts(ctx: Context, actor: Actor, query: ConflictListQuery): Promise<ConflictList> {
  const { ownerId } = authorize(actor, "zone.read");
  const state = query.show === "open" ? sql`c."settledAt" IS NULL` : sql`c."settledAt" IS NOT NULL`;
  const from = sql`FROM "Conflict" c JOIN "Zone" z ON z."id" = c."zoneId" WHERE ${state} ${seenConflicts(ownerId)}`;
  const [[count], rows] = await Promise.all([
    ctx.db.client.$queryRaw<{ n: Figure }[]>(sql`SELECT count(*) AS "n" ${from}`),
    ctx.db.client.$queryRaw<Row[]>(
      sql`SELECT ${LIST} ${from} ORDER BY c."at" DESC, c."id" DESC LIMIT ${PAGE_SIZE} OFFSET ${(query.page - 1) * PAGE_SIZE}`,
    ),
  ]);
  const names = ownerId === null ? await writerNames(ctx.db.client, rows) : null;
  return {
    rows: rows.map((row) => rowOf(row, names)),
    total: Number(count?.n ?? 0),
    page: query.page,
    pageSize: PAGE_SIZE,
  };
}

function rowOf(row: Row, names: ReadonlyMap<number, string> | null): ConflictRow {
  const { settledAt, settledAs, settledBy } = row;
  return {
    id: Number(row.id),
    name: row.name,
    displayName: toUnicode(row.name),
    at: Number(row.at),
    isOursLost: Boolean(row.isOursLost),
    from: names && (names.get(Number(row.writerId ?? 0)) ?? "another server"),
    isDeleted: row.deletedAt !== null,
    settled: settledAt === null ? null : { at: Number(settledAt), as: settledAs ?? "kept", by: settledBy ?? "" },
  };
}

async function writerNames(db: Queryable, rows: readonly Row[]): Promise<Map<number, string>> {
  const ids = [...new Set(rows.flatMap(({ writerId }) => (writerId === null ? [] : [Number(writerId)])))];
  if (ids.length === 0) return new Map();
  const writers = await db.writer.findMany({ where: { id: { in: ids } } });
  return new Map(writers.map(({ id, name }) => [id, name]));
}

/** How many conflicts are open among the actor's zones; of one zone when it is named. @throws AppError "forbidden" */
export async function openConflicts(ctx: Context, actor: Actor, name?: string): Promise<{ id: number; n: number }> {
  const { ownerId } = authorize(actor, "zone.read");
  const only = name === undefined ? empty : sql`AND z."name" = ${name}`;
  const [row] = await ctx.db.client.$queryRaw<{ id: Figure | null; n: Figure }[]>(sql`
    SELECT max(c."id") AS "id", count(*) AS "n" FROM "Conflict" c JOIN "Zone" z ON z."id" = c."zoneId"
    WHERE c."settledAt" IS NULL ${only} ${seenConflicts(ownerId)}`);
  return { id: Number(row?.id ?? 0), n: Number(row?.n ?? 0) };
}

/** The two copies. A text that is null is not kept any more. */
export interface ConflictView extends ConflictRow {
  /** Position of what the zone is now: what a decision is based on. */
  readonly seq: number;
  readonly lost: { readonly serial: number; readonly text: string | null; readonly seq: number | null };
  readonly won: { readonly serial: number; readonly text: string | null; readonly seq: number };
  /** From the copy that won to the one that lost; null when one of them is no zone, is not kept, or is too large. */
  readonly diff: ZoneDiff | null;
  /** From what the zone is now; null when that is the copy that won. */
  readonly restoring: ZoneDiff | null;
}

/** Characters of a copy up to which both are compared on a page. */
const LARGE = 2_000_000;

/** @throws AppError "not-found" */
export async function getConflict(ctx: Context, actor: Actor, { id }: { id: number }): Promise<ConflictView> {
  const { ownerId } = authorize(actor, "zone.read");
  const db = ctx.db.client;
  const [row] = await db.$queryRaw<Row[]>(sql`
    SELECT ${LIST}, c."wonSeq", c."lostSeq", c."lostText", c."lostSerial", c."zoneId", z."changeSeq"
    FROM "Conflict" c JOIN "Zone" z ON z."id" = c."zoneId" WHERE c."id" = ${id} ${seenConflicts(ownerId)}`);
  if (!row) throw new AppError("not-found", "There is no such conflict here. Old ones are not kept.");
  const seqs = [row.wonSeq, row.changeSeq, row.lostSeq ?? row.wonSeq].map(BigInt);
  const revisions = await db.$queryRaw<{ seq: Figure; text: string; serial: Figure }[]>(
    sql`SELECT "seq", "text", "serial" FROM "Revision" WHERE "zoneId" = ${row.zoneId} AND "seq" IN (${join(seqs)})`,
  );
  const at = new Map(revisions.map((revision) => [Number(revision.seq), revision]));
  const [won, now] = [at.get(Number(row.wonSeq)), at.get(Number(row.changeSeq))];
  const lostText = row.lostSeq === null ? row.lostText : (at.get(Number(row.lostSeq))?.text ?? null);
  const compare = (from: string | null | undefined) => diffOf(row.name, from ?? null, lostText);
  const names = ownerId === null ? await writerNames(db, [row]) : null;
  return {
    ...rowOf(row, names),
    seq: Number(row.changeSeq),
    lost: { serial: Number(row.lostSerial), text: lostText, seq: row.lostSeq === null ? null : Number(row.lostSeq) },
    won: { serial: Number(won?.serial ?? 0), text: won?.text ?? null, seq: Number(row.wonSeq) },
    diff: compare(won?.text),
    restoring: Number(row.changeSeq) === Number(row.wonSeq) ? null : compare(now?.text),
  };
}

function diffOf(name: string, from: string | null, to: string | null): ZoneDiff | null {
  if (!from || !to || from.length > LARGE || to.length > LARGE) return null;
  return diffZones(parseCanonicalZone(from, name), parseCanonicalZone(to, name));
}
