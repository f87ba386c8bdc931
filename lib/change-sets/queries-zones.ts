import type { Actor } from "@/lib/access/actor";
import { authorize } from "@/lib/access/authorize";
import type { Context } from "@/lib/context";
import { empty, sql } from "@/lib/db/database";
import { diffZones, type ZoneDiff } from "@/lib/dns/diff";
import type { MergeConflict } from "@/lib/dns/merge";
import { toUnicode } from "@/lib/dns/name";
import type { Zone } from "@/lib/dns/zone";
import { findChangeSet } from "./find";
import type { ChangeZonesQuery } from "./schemas";
import { type TouchedState, touchedZones } from "./touched";
import { undoZone } from "./undo-zone";
import { type Touch, type ZoneStates, zoneStates } from "./zone-states";

/** What a change set did to a zone. */
export type Deed = "added" | "changed" | "deleted" | "restored" | "moved";

/** What undoing would come to. "moved-since": it was given to yet another account; "large": too many records to look at here. */
export type Outlook = "as-before" | "plain" | "merge" | "overlap" | "gone" | "moved-since" | "large";

/** One zone of a change set. */
export interface ChangedZone {
  readonly name: string;
  readonly displayName: string;
  /** Position of what it is now: what a decision is based on. */
  readonly seq: number;
  readonly state: TouchedState;
  readonly deed: Deed | null;
  /** What the set changed; null: it is not kept, or too large. */
  readonly diff: ZoneDiff | null;
  /** null: it was undone already. */
  readonly outlook: Outlook | null;
  /** What undoing would change in the zone as it is now; null: nothing, or all of it. */
  readonly undo: ZoneDiff | null;
  /** What is in the way: who changed the zone last. */
  readonly later: { readonly actorName: string; readonly at: number; readonly isDeletion: boolean } | null;
  /** Records that both the set and the later edits touched. */
  readonly overlaps: readonly MergeConflict[];
  /** The change set that undid it. */
  readonly undoneBy: number | null;
}

export interface ChangedZonePage {
  readonly rows: readonly ChangedZone[];
  readonly total: number;
  readonly page: number;
  readonly pageSize: number;
}

const PAGE_SIZE = 25;
/** Records up to which a zone is compared on a page. */
const LARGE = 20_000;

interface Row {
  readonly zoneId: number | bigint;
  readonly name: string;
  readonly first: number | bigint;
  readonly last: number | bigint;
  readonly changeSeq: number | bigint;
  readonly recordCount: number;
  readonly ownedSinceSeq: number | bigint;
  readonly state: TouchedState;
}

/** The zones of a change set, by name; of a reseller their own. @throws AppError "not-found" */
export async function changedZones(
  ctx: Context,
  actor: Actor,
  { id, page, show }: ChangeZonesQuery & { id: number },
): Promise<ChangedZonePage> {
  const { ownerId } = authorize(actor, "zone.read");
  await findChangeSet(ctx, actor, id);
  const which = show === "all" ? empty : sql`WHERE t."state" = ${show}`;
  const touched = touchedZones(id, ownerId);
  const [[count], rows] = await Promise.all([
    ctx.db.client.$queryRaw<{ n: number | bigint }[]>(
      sql`WITH ${touched} SELECT count(*) AS "n" FROM "Touched" t ${which}`,
    ),
    ctx.db.client.$queryRaw<Row[]>(sql`
      WITH ${touched} SELECT t.*, z."ownedSinceSeq" FROM "Touched" t JOIN "Zone" z ON z."id" = t."zoneId" ${which}
      ORDER BY t."name" LIMIT ${PAGE_SIZE} OFFSET ${(page - 1) * PAGE_SIZE}`),
  ]);
  const shown: ChangedZone[] = [];
  for (const row of rows) shown.push(await describe(ctx, id, row, ownerId === null));
  return { rows: shown, total: Number(count?.n ?? 0), page, pageSize: PAGE_SIZE };
}

async function describe(ctx: Context, id: number, row: Row, isRoot: boolean): Promise<ChangedZone> {
  const { name, state } = row;
  const touch: Touch = {
    ...{ name, zoneId: Number(row.zoneId), changeSeq: Number(row.changeSeq) },
    ...{ first: Number(row.first), last: Number(row.last) },
  };
  const states =
    row.recordCount > LARGE ? null : await zoneStates(ctx.db.client, touch, isRoot ? 0 : Number(row.ownedSinceSeq));
  const [later, undoneBy] = await Promise.all([
    state === "later" ? lastEdit(ctx, touch, isRoot) : null,
    state === "undone" ? undoneIn(ctx, id, touch) : null,
  ]);
  const look = outlookOf(states, state);
  return {
    ...{ name, displayName: toUnicode(name), seq: touch.changeSeq, state, later, undoneBy },
    ...{ deed: deedOf(states), diff: states?.kind === "states" ? whole(states.before, states.after) : null },
    ...(state === "undone" ? { ...look, outlook: null, undo: null, overlaps: [] } : look),
  };
}

function deedOf(states: ZoneStates | null): Deed | null {
  if (states?.kind === "move") return "moved";
  if (states?.kind !== "states") return null;
  const { before, after, isNew } = states;
  if (!after) return "deleted";
  return before ? "changed" : isNew ? "added" : "restored";
}

function whole(before: Zone | null, after: Zone | null): ZoneDiff | null {
  return before && after ? diffZones(before, after) : null;
}

function outlookOf(
  states: ZoneStates | null,
  state: TouchedState,
): { outlook: Outlook; undo: ZoneDiff | null; overlaps: readonly MergeConflict[] } {
  const only = (outlook: Outlook) => ({ outlook, undo: null, overlaps: [] });
  if (!states) return only(state === "open" ? "plain" : "large");
  if (states.kind === "gone") return only("gone");
  if (states.kind === "move") return only(states.isLast ? (state === "open" ? "plain" : "merge") : "moved-since");
  const verdict = undoZone(states);
  switch (verdict.kind) {
    case "as-before":
      return only("as-before");
    case "plain":
      return { ...only("plain"), undo: whole(states.current, verdict.zone) };
    case "merge":
      return { ...only("merge"), undo: whole(states.current, verdict.zone) };
    case "overlap":
      return { outlook: "overlap", undo: whole(states.current, verdict.before), overlaps: verdict.conflicts };
  }
}

async function lastEdit(ctx: Context, { changeSeq }: Touch, isRoot: boolean): Promise<ChangedZone["later"]> {
  const row = await ctx.db.client.revision.findUnique({
    where: { seq: BigInt(changeSeq) },
    select: { actorName: true, createdAt: true, kind: true, originMemberId: true, writerId: true },
  });
  if (!row) return null;
  // Which member a change came from, and as whom it called, is for its owner to know.
  const isTold = isRoot || (row.originMemberId === null && row.writerId === null);
  return {
    actorName: isTold ? row.actorName : "a cluster member",
    at: Number(row.createdAt),
    isDeletion: row.kind === "delete",
  };
}

async function undoneIn(ctx: Context, id: number, { zoneId, last }: Touch): Promise<number | null> {
  const [row] = await ctx.db.client.$queryRaw<{ id: number | bigint }[]>(sql`
    SELECT u."changeSetId" AS "id" FROM "Revision" u JOIN "ChangeSet" s ON s."id" = u."changeSetId"
    WHERE u."zoneId" = ${zoneId} AND u."seq" > ${last} AND s."undoOf" = ${id} ORDER BY u."seq" DESC LIMIT 1`);
  return row ? Number(row.id) : null;
}
