import type { Actor } from "@/lib/access/actor";
import { authorize } from "@/lib/access/authorize";
import type { Context } from "@/lib/context";
import { empty, sql } from "@/lib/db/database";
import { diffZones, type ZoneDiff } from "@/lib/dns/diff";
import { toUnicode } from "@/lib/dns/name";
import { replaceValue } from "@/lib/dns/replace-value";
import { parseCanonicalZone } from "@/lib/dns/zone-file";
import { AppError } from "@/lib/errors";
import type { ItemState } from "./change-set";
import { findChangeSet } from "./find";
import type { ItemsQuery } from "./schemas";
import type { ReplaceWork } from "./work";

/** One zone of a change set that is carried out in slices. */
export interface ItemRow {
  readonly name: string;
  readonly displayName: string;
  readonly state: ItemState;
  readonly records: number;
  /** Why nothing was done; null: nothing to say. */
  readonly message: string | null;
  /** What would be changed; null when it is no plan any more, and for a zone too large to be shown. */
  readonly diff: ZoneDiff | null;
}

export interface ItemPage {
  readonly rows: readonly ItemRow[];
  readonly total: number;
  readonly page: number;
  readonly pageSize: number;
}

const PAGE_SIZE = 50;
/** Differences on one page; those of the other zones are on their way. */
const LARGE = 20_000;

interface Row {
  readonly name: string;
  readonly state: ItemState;
  readonly records: number | bigint;
  readonly message: string | null;
  readonly changeSeq: number | bigint;
  readonly recordCount: number;
}

const SHOWN = {
  all: empty,
  "left-out": sql`AND i."state" = 'left-out'`,
  failed: sql`AND i."state" IN ('failed', 'unchanged')`,
};

/**
 * The zones of a plan with what would change in each, and of what is carried out, how far it is: for whoever asked for it, and root.
 * @throws AppError "not-found"
 */
export async function changeItems(
  ctx: Context,
  actor: Actor,
  { id, page, show }: ItemsQuery & { id: number },
): Promise<ItemPage> {
  const { ownerId } = authorize(actor, "zone.read");
  const set = await findChangeSet(ctx, actor, id);
  if (ownerId !== null && set.actorId !== ownerId)
    throw new AppError("not-found", "There is no such change set here. Old ones are not kept.");
  // A zone that was given to somebody else meanwhile is no longer shown.
  const scope = ownerId === null ? empty : sql`AND z."ownerId" = ${ownerId}`;
  const from = sql`FROM "ChangeItem" i JOIN "Zone" z ON z."id" = i."zoneId" WHERE i."changeSetId" = ${id} ${SHOWN[show]} ${scope}`;
  const [[count], rows] = await Promise.all([
    ctx.db.client.$queryRaw<{ n: number | bigint }[]>(sql`SELECT count(*) AS "n" ${from}`),
    ctx.db.client.$queryRaw<Row[]>(sql`
      SELECT z."name", z."changeSeq", z."recordCount", i."state", i."records", i."message" ${from}
      ORDER BY z."name" LIMIT ${PAGE_SIZE} OFFSET ${(page - 1) * PAGE_SIZE}`),
  ]);
  const isPlan = set.state === "ready" && set.work.replace !== undefined;
  const shown: ItemRow[] = [];
  for (const row of rows) shown.push(await itemRow(ctx, row, isPlan ? set.work.replace : undefined));
  return { rows: shown, total: Number(count?.n ?? 0), page, pageSize: PAGE_SIZE };
}

async function itemRow(ctx: Context, row: Row, replace: ReplaceWork | undefined): Promise<ItemRow> {
  const { name, state, message, changeSeq, recordCount } = row;
  const diff = replace && recordCount <= LARGE ? await wouldChange(ctx, name, changeSeq, replace) : null;
  return { name, displayName: toUnicode(name), state, records: Number(row.records), message, diff };
}

async function wouldChange(
  ctx: Context,
  name: string,
  seq: number | bigint,
  replace: ReplaceWork,
): Promise<ZoneDiff | null> {
  const revision = await ctx.db.client.revision.findUnique({ where: { seq: BigInt(seq) }, select: { text: true } });
  if (!revision?.text) return null;
  const zone = parseCanonicalZone(revision.text, name);
  return diffZones(zone, replaceValue(zone, replace).zone);
}
