import { type Queryable, sql } from "@/lib/db/database";
import type { Zone } from "@/lib/dns/zone";
import { parseCanonicalZone } from "@/lib/dns/zone-file";

/** One zone of a change set: which of its revisions belong to the set. */
export interface Touch {
  readonly zoneId: number;
  readonly name: string;
  readonly first: number;
  readonly last: number;
  /** Position of what it is now. */
  readonly changeSeq: number;
}

/** A zone before a change set, after it, and now. */
export type ZoneStates =
  | {
      readonly kind: "states";
      readonly before: Zone | null;
      readonly after: Zone | null;
      readonly current: Zone | null;
      /** The set made the zone; otherwise one that is not there before rested in the recycle bin. */
      readonly isNew: boolean;
    }
  /** It was given to another account; records are as they were. */
  | { readonly kind: "move"; readonly formerOwnerId: number | null; readonly isLast: boolean }
  /** The revision before is not kept any more. */
  | { readonly kind: "gone" };

interface Row {
  readonly seq: number | bigint;
  readonly text: string;
  readonly kind: string;
  readonly formerOwnerId: number | null;
  readonly createdAt: number | bigint;
}

/** @param oldest revisions before this position are not to be read: they are a former owner's */
export async function zoneStates(db: Queryable, touch: Touch, oldest = 0): Promise<ZoneStates> {
  const { zoneId, name, first, last, changeSeq } = touch;
  const rows = await db.$queryRaw<Row[]>(sql`
    SELECT "seq", "text", "kind", "formerOwnerId", "createdAt" FROM "Revision"
    WHERE "zoneId" = ${zoneId} AND "seq" IN (${first}, ${last}, ${changeSeq},
      (SELECT max(b."seq") FROM "Revision" b WHERE b."zoneId" = ${zoneId} AND b."seq" < ${first} AND b."seq" >= ${oldest}))
    ORDER BY "seq"`);
  const at = new Map(rows.map((row) => [Number(row.seq), row]));
  const [begin, end, now] = [at.get(first), at.get(last), at.get(changeSeq)];
  if (!begin || !end || !now) return { kind: "gone" };
  if (begin.kind === "move") {
    const later = await db.revision.count({ where: { zoneId, kind: "move", seq: { gt: BigInt(last) } } });
    return { kind: "move", formerOwnerId: begin.formerOwnerId, isLast: later === 0 };
  }
  const base = rows.find((row) => Number(row.seq) < first);
  if (!base && !(await isFirstEver(db, zoneId, begin))) return { kind: "gone" };
  const zone = (row: Row | undefined) => (row && row.text !== "" ? parseCanonicalZone(row.text, name) : null);
  return { kind: "states", before: zone(base), after: zone(end), current: zone(now), isNew: !base };
}

/** The zone began with this revision, as its row says; otherwise what came before it was dropped. */
async function isFirstEver(db: Queryable, zoneId: number, { createdAt, kind }: Row): Promise<boolean> {
  if (kind === "create") return true;
  const zone = await db.zone.findUniqueOrThrow({ where: { id: zoneId }, select: { createdAt: true } });
  return zone.createdAt === BigInt(createdAt);
}
