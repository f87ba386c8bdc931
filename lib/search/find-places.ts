import type { UserActor } from "@/lib/access/actor";
import { can } from "@/lib/access/authorize";
import type { Context } from "@/lib/context";
import { join, sql } from "@/lib/db/database";
import { labelToAscii } from "@/lib/dns/idn";
import { toUnicode } from "@/lib/dns/name";

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

/** Longest text that can match anything: a domain name. */
const MAX_LENGTH = 255;

/**
 * Zones and members whose name contains `text`, for the command palette: names that start with it first, then in order of name.
 * Each kind only as far as the actor may see it.
 */
export async function findPlaces(ctx: Pick<Context, "db">, actor: UserActor, text: string): Promise<FoundPlaces> {
  const wanted = text.trim().toLowerCase().slice(0, MAX_LENGTH);
  if (wanted === "") return { zones: [], members: [] };
  const [zones, members] = await Promise.all([
    findZones(ctx, actor, asciiForm(wanted)),
    findMembers(ctx, actor, wanted),
  ]);
  return { zones, members };
}

/** Zones are stored in A-labels; a half-typed label that has no such form is searched as it is. */
function asciiForm(text: string): string {
  return text
    .split(".")
    .map((label) => labelToAscii(label) ?? label)
    .join(".");
}

async function findZones({ db }: Pick<Context, "db">, actor: UserActor, wanted: string): Promise<FoundPlace[]> {
  if (!can(actor, "zone.read")) return [];
  const conditions = [
    sql`"deletedAt" IS NULL`,
    sql`"name" LIKE ${`%${escapeLike(wanted)}%`} ESCAPE '!'`,
    ...(actor.role === "root" ? [] : [sql`"ownerId" = ${actor.userId}`]),
  ];
  const rows = await db.client.$queryRaw<{ name: string }[]>(sql`
    SELECT "name" FROM "Zone" WHERE ${join(conditions, " AND ")}
    ORDER BY CASE WHEN "name" LIKE ${`${escapeLike(wanted)}%`} ESCAPE '!' THEN 0 ELSE 1 END, "name" LIMIT ${LIMIT}`);
  return rows.map(({ name }) => {
    const shown = name.replace(/\.$/, "");
    return { href: `/zones/${encodeURIComponent(shown)}`, label: toUnicode(name) };
  });
}

async function findMembers({ db }: Pick<Context, "db">, actor: UserActor, wanted: string): Promise<FoundPlace[]> {
  if (!can(actor, "cluster.manage")) return [];
  const rows = await db.client.member.findMany({
    where: { OR: [{ hostname: { contains: wanted } }, { address: { contains: wanted } }] },
    select: { id: true, hostname: true },
    orderBy: { hostname: "asc" },
    take: LIMIT,
  });
  return rows.map(({ id, hostname }) => ({ href: `/cluster/${id}`, label: hostname }));
}

function escapeLike(text: string): string {
  return text.replace(/[!%_]/g, "!$&");
}
