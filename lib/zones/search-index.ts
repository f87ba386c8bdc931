import type { Context } from "@/lib/context";
import { join, type RawQueryable, sql } from "@/lib/db/database";
import { currentSequence } from "@/lib/db/sequence";
import { parseCanonicalZone } from "@/lib/dns/zone-file";

/** Row of "Setting" that says how far the index is: {"seq": n}. */
const KEY = "searchIndex";
/** Rows of one INSERT. */
const CHUNK = 100;

interface Changed {
  id: number;
  name: string;
  seq: number;
  text: string;
}

/**
 * Brings the index behind the zone list's search up to the change sequence by one slice: zones in the order of their changes, one transaction.
 * Safe with several engines on one database: the position's row is locked first. A crash repeats the slice.
 * @param limit zones at most; a slice also ends after about 8 MiB of text.
 * @returns how many zones were done; 0: the index is up to date.
 */
export async function indexZones(ctx: Context, limit: number): Promise<{ indexed: number }> {
  if ((await position(ctx.db.client)) >= (await currentSequence(ctx.db.client))) return { indexed: 0 };
  return ctx.db.relaxedTransaction(async (tx) => {
    const seq = await lockPosition(tx);
    const changed = await changedAfter(tx, seq, limit);
    const last = changed.at(-1);
    if (!last) return { indexed: 0 };
    await removeRows(
      tx,
      changed.map((zone) => zone.id),
    );
    await insertRows(
      tx,
      changed.filter((zone) => zone.text !== ""),
    );
    await tx.$executeRaw`UPDATE "Setting" SET "value" = ${JSON.stringify({ seq: last.seq })} WHERE "key" = ${KEY}`;
    return { indexed: changed.length };
  }, "index");
}

async function lockPosition(tx: RawQueryable): Promise<number> {
  await tx.$executeRaw`
    INSERT INTO "Setting" ("key", "value") VALUES (${KEY}, '{"seq":0}') ON CONFLICT ("key") DO UPDATE SET "value" = "Setting"."value"`;
  return position(tx);
}

async function position(db: RawQueryable): Promise<number> {
  const [row] = await db.$queryRaw<{ value: string }[]>`SELECT "value" FROM "Setting" WHERE "key" = ${KEY}`;
  return row ? (JSON.parse(row.value) as { seq: number }).seq : 0;
}

/** A deleted zone comes with an empty text: its row goes. Texts are read one slice of ids at a time, so that a million records fit. */
async function changedAfter(tx: RawQueryable, seq: number, limit: number): Promise<Changed[]> {
  const heads = await tx.$queryRaw<{ id: number | bigint; changeSeq: number | bigint; recordCount: number }[]>`
    SELECT "id", "changeSeq", "recordCount" FROM "Zone" WHERE "changeSeq" > ${seq} ORDER BY "changeSeq" LIMIT ${limit}`;
  let records = 0;
  const slice = heads.filter((head, index) => {
    records += head.recordCount;
    return index === 0 || records <= 100_000;
  });
  if (slice.length === 0) return [];
  const rows = await tx.$queryRaw<
    { id: number | bigint; name: string; changeSeq: number | bigint; text: string | null }[]
  >`
    SELECT z."id", z."name", z."changeSeq", r."text" FROM "Zone" z LEFT JOIN "Revision" r ON r."seq" = z."changeSeq" AND z."deletedAt" IS NULL
    WHERE z."id" IN (${join(slice.map((head) => Number(head.id)))}) ORDER BY z."changeSeq"`;
  return rows.map((row) => ({
    id: Number(row.id),
    name: row.name,
    seq: Number(row.changeSeq),
    text: row.text ? indexedText(row.text, row.name) : "",
  }));
}

/** One line a record, "owner rdata" in lower case: no TTL and class, which nobody looks for and every zone holds. */
function indexedText(text: string, apex: string): string {
  const lines: string[] = [];
  for (const { owner, rdatas } of parseCanonicalZone(text, apex).rrsets)
    for (const rdata of rdatas) lines.push(`${owner} ${rdata}`);
  return lines.join("\n").toLowerCase();
}

async function removeRows(tx: RawQueryable, ids: number[]): Promise<void> {
  await tx.$executeRaw`DELETE FROM "ZoneSearch" WHERE "rowid" IN (${join(ids)})`;
}

async function insertRows(tx: RawQueryable, zones: Changed[]): Promise<void> {
  for (let at = 0; at < zones.length; at += CHUNK) {
    const rows = zones.slice(at, at + CHUNK).map((zone) => sql`(${zone.id}, ${zone.text})`);
    await tx.$executeRaw`INSERT INTO "ZoneSearch" ("rowid", "text") VALUES ${join(rows)}`;
  }
}
