import { type Database, join, sql } from "@/lib/db/database";
import { labelToAscii } from "@/lib/dns/idn";

/** A piece of SQL with its parameters. */
export type Sql = ReturnType<typeof sql>;

/** The trigram index knows no shorter text. */
const MIN_CONTENT_LENGTH = 3;
/** How many zones a search in records finds at most: enough to page through, and an upper bound for the work that a common word makes. */
export const CONTENT_LIMIT = 1_000;

/** What somebody typed, in the spellings under which it may be stored. */
export interface SearchTerm {
  /** As it is looked for in names: lower case, an international name in A-label form; without the final dot. */
  readonly name: string;
  /** As it is looked for in records: the spelling above, and octets above 127 as master files write them (\DDD). Empty: too short. */
  readonly contents: readonly string[];
}

/**
 * @param input as typed.
 * @returns null when there is nothing to look for.
 */
export function searchTerm(input: string): SearchTerm | null {
  const text = input.trim().toLowerCase().slice(0, 300);
  if (text === "") return null;
  const ascii = toAscii(text);
  const spellings = new Set([ascii, escapeOctets(text)]);
  return {
    // Lists show names without their final dot; both spellings find the zone.
    name: ascii.replace(/(?<=.)\.$/, ""),
    contents: [...spellings].filter((spelling) => spelling.length >= MIN_CONTENT_LENGTH),
  };
}

/** Label by label, as somebody types: what is no valid international label (yet) stays as it is. */
function toAscii(text: string): string {
  return text
    .split(".")
    .map((label) => (/[^\0-\x7f]/.test(label) ? (labelToAscii(label) ?? label) : label))
    .join(".");
}

function escapeOctets(text: string): string {
  return text.replace(/[^\0-\x7f]/gu, (char) =>
    Array.from(new TextEncoder().encode(char), (octet) => `\\${String(octet).padStart(3, "0")}`).join(""),
  );
}

/** A LIKE pattern for "contains", for use with ESCAPE '\'. */
export function containsPattern(text: string): string {
  return `%${text.replace(/[\\%_]/g, "\\$&")}%`;
}

/** Which rows of "Zone" z a listing is about. */
export function scopeCondition(scope: { ownerId: number | null; deleted: boolean }): Sql {
  const bin = scope.deleted ? sql`z."deletedAt" IS NOT NULL AND z."purgedAt" IS NULL` : sql`z."deletedAt" IS NULL`;
  return scope.ownerId === null ? bin : sql`z."ownerId" = ${scope.ownerId} AND ${bin}`;
}

export function nameCondition(term: SearchTerm): Sql {
  return sql`z."name" LIKE ${containsPattern(term.name)} ESCAPE '\\'`;
}

/**
 * Ids of the zones that hold the text in a record and not in their name, at most {@link CONTENT_LIMIT} and one more.
 * Reading stops there, so a word that every zone holds costs no more than a rare one.
 */
export async function searchContents(db: Database, term: SearchTerm, scope: Sql): Promise<number[]> {
  if (term.contents.length === 0) return [];
  const rows = await db.client.$queryRaw<{ id: number | bigint }[]>`
    SELECT z."id" FROM "ZoneSearch" s JOIN "Zone" z ON z."id" = s."rowid"
    WHERE ${contentCondition(db, term)} AND ${scope} AND NOT (${nameCondition(term)}) LIMIT ${CONTENT_LIMIT + 1}`;
  return rows.map((row) => Number(row.id));
}

function contentCondition(db: Database, term: SearchTerm): Sql {
  if (db.provider === "sqlite") {
    const phrases = term.contents.map((text) => `"${text.replaceAll('"', '""')}"`);
    return sql`s."ZoneSearch" MATCH ${phrases.join(" OR ")}`;
  }
  return sql`(${join(
    term.contents.map((text) => sql`s."text" LIKE ${containsPattern(text)} ESCAPE '\\'`),
    " OR ",
  )})`;
}

/** The columns a list can be sorted by, with the tie-breaker that keeps pages stable. */
export function orderBy(sort: "name" | "updated" | "records" | "serial" | "deleted", dir: "asc" | "desc"): Sql {
  const way = dir === "asc" ? sql`ASC` : sql`DESC`;
  switch (sort) {
    case "name":
      return sql`z."name" ${way}`;
    case "updated":
      return sql`z."updatedAt" ${way}, z."id" ${way}`;
    case "records":
      return sql`z."recordCount" ${way}, z."id" ${way}`;
    case "serial":
      return sql`z."serial" ${way}, z."id" ${way}`;
    case "deleted":
      return sql`z."deletedAt" ${way}, z."id" ${way}`;
  }
}
