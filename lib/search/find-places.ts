import type { UserActor } from "@/lib/access/actor";
import { authorize, can } from "@/lib/access/authorize";
import type { Context } from "@/lib/context";
import { type Database, sql } from "@/lib/db/database";
import { toUnicode } from "@/lib/dns/name";
import { memberName, NAME_COLUMNS } from "@/lib/members/member-name";

export interface FoundPlace {
  readonly href: string;
  readonly label: string;
}

export interface FoundPlaces {
  readonly zones: readonly FoundPlace[];
  readonly members: readonly FoundPlace[];
}

/** Enough to choose from at a glance; the zone list shows all. */
const LIMIT = 8;

/** Names with A-labels that are compared; turning this many into Unicode takes some 30 ms. */
const MOST_IDN = 10_000;

type Sql = ReturnType<typeof sql>;

/** Longest text that can match anything: a domain name. */
const MAX_LENGTH = 255;

/**
 * Zones and members whose name contains `text`, for the command palette: names that start with it first, then in order of name.
 * Each kind only as far as the actor may see it.
 */
export async function findPlaces(ctx: Pick<Context, "db">, actor: UserActor, text: string): Promise<FoundPlaces> {
  const wanted = text.trim().toLowerCase().slice(0, MAX_LENGTH);
  if (wanted === "") return { zones: [], members: [] };
  const [zones, members] = await Promise.all([findZones(ctx, actor, wanted), findMembers(ctx, actor, wanted)]);
  return { zones, members };
}

async function findZones({ db }: Pick<Context, "db">, actor: UserActor, wanted: string): Promise<FoundPlace[]> {
  if (!can(actor, "zone.read")) return [];
  const mine = actor.role === "root" ? sql`1 = 1` : sql`"ownerId" = ${actor.userId}`;
  const names = /^[\x20-\x7e]*$/.test(wanted)
    ? await namesWith(db, mine, wanted)
    : await unicodeNamesWith(db, mine, wanted);
  return names.map((name) => ({
    href: `/zones/${encodeURIComponent(name.replace(/\.$/, ""))}`,
    label: toUnicode(name),
  }));
}

async function namesWith(db: Database, mine: Sql, wanted: string): Promise<string[]> {
  const rows = await db.client.$queryRaw<{ name: string }[]>(sql`
    SELECT "name" FROM "Zone" WHERE "deletedAt" IS NULL AND ${mine} AND "name" LIKE ${`%${escapeLike(wanted)}%`} ESCAPE '!'
    ORDER BY CASE WHEN "name" LIKE ${`${escapeLike(wanted)}%`} ESCAPE '!' THEN 0 ELSE 1 END, "name" LIMIT ${LIMIT}`);
  return rows.map(({ name }) => name);
}

/** A part of an A-label is not found by a part of its Unicode form, so that the names that have one are read and compared as people see them. */
async function unicodeNamesWith(db: Database, mine: Sql, wanted: string): Promise<string[]> {
  const rows = await db.client.$queryRaw<{ name: string }[]>(sql`
    SELECT "name" FROM "Zone" WHERE "deletedAt" IS NULL AND ${mine} AND "name" LIKE '%xn--%' ORDER BY "name" LIMIT ${MOST_IDN}`);
  const composed = wanted.normalize("NFC");
  const found = rows.map(({ name }) => name).filter((name) => toUnicode(name).includes(composed));
  const startsWith = (name: string) => toUnicode(name).startsWith(composed);
  return [...found.filter(startsWith), ...found.filter((name) => !startsWith(name))].slice(0, LIMIT);
}

async function findMembers({ db }: Pick<Context, "db">, actor: UserActor, wanted: string): Promise<FoundPlace[]> {
  if (!can(actor, "cluster.manage")) return [];
  const { ownerId } = authorize(actor, "cluster.manage");
  const rows = await db.client.member.findMany({
    where: {
      ...(ownerId === null ? {} : { ownerId }),
      OR: [{ hostname: { contains: wanted } }, { address: { contains: wanted } }, { account: { contains: wanted } }],
    },
    select: { id: true, ...NAME_COLUMNS },
    orderBy: [{ hostname: "asc" }, { id: "asc" }],
    take: LIMIT,
  });
  return rows.map((member) => ({ href: `/cluster/${member.id}`, label: memberName(member) }));
}

function escapeLike(text: string): string {
  return text.replace(/[!%_]/g, "!$&");
}
