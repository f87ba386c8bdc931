import type { Actor } from "@/lib/access/actor";
import { authorize } from "@/lib/access/authorize";
import type { Context } from "@/lib/context";
import { empty, join, sql } from "@/lib/db/database";

/** What members and scripts read of zones in bulk: pages in the order of names, never all zones at once. */

/** A zone as cheaply as it can be told. */
export interface ZoneDigest {
  readonly name: string;
  readonly serial: number;
  readonly digest: string;
  /** Epoch milliseconds. */
  readonly updatedAt: number;
}

export interface ZoneText extends ZoneDigest {
  /** Canonical. */
  readonly text: string;
}

interface Row {
  readonly name: string;
  readonly serial: number | bigint;
  readonly digest: string;
  readonly updatedAt: number | bigint;
  readonly text: string;
}

const numbers = ({ name, serial, digest, updatedAt }: Omit<Row, "text">): ZoneDigest => ({
  name,
  serial: Number(serial),
  digest,
  updatedAt: Number(updatedAt),
});

/** Zones that the actor may see: all of them, or a reseller's own. */
function visible(actor: Actor) {
  const { ownerId } = authorize(actor, "zone.read");
  return ownerId === null ? empty : sql`AND z."ownerId" = ${ownerId}`;
}

/**
 * The next zones after a name, by name.
 * @param input.after "" to begin with
 * @throws AppError "forbidden"
 */
export async function zoneDigests(
  ctx: Context,
  actor: Actor,
  input: { after: string; limit: number },
): Promise<ZoneDigest[]> {
  const rows = await ctx.db.client.$queryRaw<Omit<Row, "text">[]>`
    SELECT z."name", z."serial", z."digest", z."updatedAt" FROM "Zone" z
    WHERE z."deletedAt" IS NULL AND z."name" > ${input.after} ${visible(actor)}
    ORDER BY z."name" LIMIT ${input.limit}`;
  return rows.map(numbers);
}

/** The same with their texts. Ask for few: a zone may be large. @throws AppError "forbidden" */
export async function zoneTextsAfter(
  ctx: Context,
  actor: Actor,
  input: { after: string; limit: number },
): Promise<ZoneText[]> {
  const rows = await ctx.db.client.$queryRaw<Row[]>`
    SELECT z."name", z."serial", z."digest", z."updatedAt", r."text" FROM "Zone" z JOIN "Revision" r ON r."seq" = z."changeSeq"
    WHERE z."deletedAt" IS NULL AND z."name" > ${input.after} ${visible(actor)}
    ORDER BY z."name" LIMIT ${input.limit}`;
  return rows.map((row) => ({ ...numbers(row), text: row.text }));
}

/** Names in one query: PostgreSQL and SQLite both take far more parameters. */
const CHUNK = 500;
/** With their texts: a zone may have tens of megabytes. */
const TEXT_CHUNK = 20;

/** Which of the named zones exist and may be seen by the actor. @throws AppError "forbidden" */
export async function existingZones(ctx: Context, actor: Actor, names: readonly string[]): Promise<Set<string>> {
  const scope = visible(actor);
  const found = new Set<string>();
  for (let at = 0; at < names.length; at += CHUNK) {
    const rows = await ctx.db.client.$queryRaw<{ name: string }[]>`
      SELECT z."name" FROM "Zone" z WHERE z."deletedAt" IS NULL AND z."name" IN (${join(names.slice(at, at + CHUNK))}) ${scope}`;
    for (const row of rows) found.add(row.name);
  }
  return found;
}

/** The named zones that exist and that the actor may see, in no order. @throws AppError "forbidden" */
export async function* zoneTexts(ctx: Context, actor: Actor, names: readonly string[]): AsyncGenerator<ZoneText> {
  const scope = visible(actor);
  for (let at = 0; at < names.length; at += TEXT_CHUNK) {
    const rows = await ctx.db.client.$queryRaw<Row[]>`
      SELECT z."name", z."serial", z."digest", z."updatedAt", r."text" FROM "Zone" z JOIN "Revision" r ON r."seq" = z."changeSeq"
      WHERE z."deletedAt" IS NULL AND z."name" IN (${join(names.slice(at, at + TEXT_CHUNK))}) ${scope}`;
    for (const row of rows) yield { ...numbers(row), text: row.text };
  }
}
