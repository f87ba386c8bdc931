import { type Actor, actorId } from "@/lib/access/actor";
import { authorize, can } from "@/lib/access/authorize";
import type { Context } from "@/lib/context";
import { join, type Queryable, sql } from "@/lib/db/database";
import type { Replacement } from "@/lib/dns/replace-value";
import type { ChangeSet as Row } from "@/prisma/generated/sqlite/client";
import { type ChangeKind, type ChangeSet, type ChangeState, changeSetOf, type ItemState } from "./change-set";
import { findChangeSet, visibleSets } from "./find";
import { countTouched, seen, type TouchedState } from "./touched";

/** A change set as lists show it. */
export interface ChangeSetRow {
  readonly id: number;
  readonly kind: ChangeKind;
  readonly state: ChangeState;
  readonly actorName: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  /** What a bulk edit replaced. */
  readonly replace: Replacement | null;
  /** The one that it took back, if the asker may see that. */
  readonly undoOf: Pick<ChangeSetRow, "id" | "kind" | "replace"> | null;
  /** Zones that it changed; a reseller's own only. */
  readonly zones: number;
}

export interface ChangeSetList {
  readonly rows: readonly ChangeSetRow[];
  readonly total: number;
  readonly page: number;
  readonly pageSize: number;
}

const PAGE_SIZE = 50;

/** Newest first: what changed zones, and what is about to. Plans that were never agreed to are left out. @throws AppError "forbidden" */
export async function listChangeSets(ctx: Context, actor: Actor, { page }: { page: number }): Promise<ChangeSetList> {
  const { ownerId } = authorize(actor, "zone.read");
  const db = ctx.db.client;
  // Somebody who imports opens one before the first zone is written.
  const shown = sql`s."appliedAt" IS NOT NULL AND (s."state" = 'running' OR EXISTS (SELECT 1 FROM "Revision" r WHERE r."changeSetId" = s."id"))
    AND ${visibleSets(actor)}`;
  const [[count], rows] = await Promise.all([
    db.$queryRaw<{ n: number | bigint }[]>(sql`SELECT count(*) AS "n" FROM "ChangeSet" s WHERE ${shown}`),
    db.$queryRaw<Row[]>(
      sql`SELECT s.* FROM "ChangeSet" s WHERE ${shown} ORDER BY s."id" DESC LIMIT ${PAGE_SIZE} OFFSET ${(page - 1) * PAGE_SIZE}`,
    ),
  ]);
  const sets = rows.map(changeSetOf);
  const [zones, undone] = await Promise.all([countZones(db, sets, ownerId), undoneSets(db, actor, sets)]);
  return {
    rows: sets.map((set) => rowOf(set, zones.get(set.id) ?? 0, undone)),
    total: Number(count?.n ?? 0),
    page,
    pageSize: PAGE_SIZE,
  };
}

function replaceOf({ work }: ChangeSet): Replacement | null {
  if (!work.replace) return null;
  const { type, from, to, ttl } = work.replace;
  return { type, from, to, ttl };
}

function rowOf(set: ChangeSet, zones: number, undone: ReadonlyMap<number, ChangeSet>): ChangeSetRow {
  const { id, kind, state, actorName, createdAt, undoOf } = set;
  const of = undoOf === null ? undefined : undone.get(undoOf);
  return {
    ...{ id, kind, state, actorName, createdAt, zones, replace: replaceOf(set) },
    undoOf: of ? { id: of.id, kind: of.kind, replace: replaceOf(of) } : null,
  };
}

async function countZones(
  db: Queryable,
  sets: readonly ChangeSet[],
  ownerId: number | null,
): Promise<Map<number, number>> {
  if (sets.length === 0) return new Map();
  const rows = await db.$queryRaw<{ id: number | bigint; n: number | bigint }[]>(sql`
    SELECT r."changeSetId" AS "id", count(DISTINCT r."zoneId") AS "n" FROM "Revision" r JOIN "Zone" z ON z."id" = r."zoneId"
    WHERE r."changeSetId" IN (${join(sets.map(({ id }) => id))}) ${seen(ownerId)} GROUP BY r."changeSetId"`);
  return new Map(rows.map(({ id, n }) => [Number(id), Number(n)]));
}

async function undoneSets(db: Queryable, actor: Actor, sets: readonly ChangeSet[]): Promise<Map<number, ChangeSet>> {
  const ids = sets.flatMap(({ undoOf }) => undoOf ?? []);
  if (ids.length === 0) return new Map();
  const rows = await db.$queryRaw<Row[]>(
    sql`SELECT s.* FROM "ChangeSet" s WHERE s."id" IN (${join(ids)}) AND ${visibleSets(actor)}`,
  );
  return new Map(rows.map((row) => [Number(row.id), changeSetOf(row)]));
}

/** A change set as its page shows it. */
export interface ChangeSetView extends ChangeSetRow {
  /** Epoch milliseconds; null: it is a plan. */
  readonly appliedAt: number | null;
  /** Why it ended early; null also for those who did not ask for it. */
  readonly error: string | null;
  /** The zones that it changed, by what undoing it would find. */
  readonly counts: Readonly<Record<TouchedState, number>>;
  /** How far it is, where it is carried out in slices; null for those who did not ask for it. */
  readonly items: { readonly counts: Readonly<Record<ItemState, number>>; readonly records: number } | null;
  readonly undoneBy: readonly number[];
  readonly mayUndo: boolean;
}

/** @throws AppError "not-found" */
export async function getChangeSet(ctx: Context, actor: Actor, { id }: { id: number }): Promise<ChangeSetView> {
  const { ownerId } = authorize(actor, "zone.read");
  const set = await findChangeSet(ctx, actor, id);
  const db = ctx.db.client;
  const isOwn = ownerId === null || set.actorId === actorId(actor);
  const [counts, undone, items, undoneBy] = await Promise.all([
    countTouched(db, id, ownerId),
    undoneSets(db, actor, [set]),
    isOwn && (set.kind === "replace" || set.kind === "undo") ? countItems(db, id) : null,
    db.$queryRaw<{ id: number | bigint }[]>(
      sql`SELECT s."id" FROM "ChangeSet" s WHERE s."undoOf" = ${id} AND ${visibleSets(actor)} ORDER BY s."id"`,
    ),
  ]);
  const zones = counts.open + counts.later + counts.undone;
  const isUndoable = set.appliedAt !== null && set.state !== "running";
  return {
    ...rowOf(set, zones, undone),
    ...{ appliedAt: set.appliedAt, error: isOwn ? set.error : null, counts, items },
    undoneBy: undoneBy.map((row) => Number(row.id)),
    mayUndo: isUndoable && can(actor, set.kind === "move" ? "zone.assign" : "zone.write"),
  };
}

async function countItems(db: Queryable, id: number): Promise<ChangeSetView["items"]> {
  const rows = await db.$queryRaw<{ state: ItemState; n: number | bigint; records: number | bigint }[]>(sql`
    SELECT "state", count(*) AS "n", sum("records") AS "records" FROM "ChangeItem" WHERE "changeSetId" = ${id} GROUP BY "state"`);
  const counts = { planned: 0, "left-out": 0, done: 0, unchanged: 0, failed: 0, cancelled: 0 };
  let records = 0;
  for (const row of rows) {
    counts[row.state] = Number(row.n);
    if (row.state !== "left-out") records += Number(row.records);
  }
  return { counts, records };
}
