import { join, type RawQueryable, sql } from "@/lib/db/database";
import { holdsChange } from "@/lib/dns/merge";
import type { Zone } from "@/lib/dns/zone";
import { parseCanonicalZone } from "@/lib/dns/zone-file";
import type { Origin } from "@/lib/zones/writers";
import { ROWS, type StoredZone } from "@/lib/zones/zone-row";
import { baseOf } from "./base";

/** A copy that came from another server and met one that is here. */
export interface Met {
  /** This server's, as it was before. */
  readonly zone: StoredZone;
  /** The other side's, canonical; null: it deleted the zone. */
  readonly copy: { readonly text: string; readonly serial: number; readonly digest: string } | null;
  /** What was deleted there, where that is known. */
  readonly goneDigest?: string;
  /** The position of the revision that stays. */
  readonly wonSeq: number;
  /** This server's copy goes. */
  readonly isOursLost: boolean;
  readonly isContested: boolean;
}

/** Open conflicts of one zone that are kept; two servers that never stop would fill the table. */
const KEPT = 20;

type Figure = number | bigint;

/**
 * Records which of these encounters are conflicts, in the transaction that decided them. Costs one statement where a copy that was made here is among them, and
 * none where all of them came from members.
 */
export async function recordConflicts(
  tx: RawQueryable,
  origin: Origin,
  met: readonly Met[],
  now: number,
): Promise<void> {
  if (origin.sender === null) return;
  const doubtful = met.filter(({ zone, isContested }) => zone.originMemberId === null || isContested);
  for (let at = 0; at < doubtful.length; at += ROWS) {
    const part = doubtful.slice(at, at + ROWS);
    const made = await madeHere(
      tx,
      part.map(({ zone }) => zone.seq),
    );
    for (const one of part)
      if (made.has(one.zone.seq)) await recordConflict(tx, origin, one, now);
      else if (one.isContested && one.isOursLost) await insert(tx, origin, one, now);
  }
}

/** Records one encounter if it is a conflict, whoever made this server's copy. */
export async function recordConflict(tx: RawQueryable, origin: Origin, met: Met, now: number): Promise<void> {
  if (await isConflict(tx, origin, met)) await insert(tx, origin, met, now);
}

/** Those of the revisions that were made on this server. One that was received before writers were remembered is not known to be. */
async function madeHere(tx: RawQueryable, seqs: readonly number[]): Promise<Set<number>> {
  const rows = await tx.$queryRaw<{ seq: Figure }[]>(
    sql`SELECT "seq" FROM "Revision" WHERE "seq" IN (${join([...seqs])}) AND "writerId" IS NULL AND "kind" <> 'receive'`,
  );
  return new Set(rows.map(({ seq }) => Number(seq)));
}

async function isConflict(tx: RawQueryable, origin: Origin, met: Met): Promise<boolean> {
  const { zone, copy, isOursLost, isContested, goneDigest } = met;
  const { accepted, isElsewhere } = await acceptedOf(tx, origin, zone);
  const hadOurs = accepted >= zone.seq;
  // Whoever deletes what they had as it is here deletes nothing unseen.
  if (!copy) return isOursLost && !hadOurs && goneDigest !== zone.digest;
  const [sent, parent, isKnown] = await Promise.all([
    newestFrom(tx, origin, zone),
    before(tx, zone),
    isOursLost ? false : wasHere(tx, zone, copy.digest),
  ]);
  const common = Math.max(accepted, sent) || null;
  const base = baseOf({ isOursLost, hadOurs, common, isElsewhere, parent, isKnown, isContested });
  if (base === null) return false;
  const ours = await zoneAt(tx, zone, zone.seq);
  const from = base === "nothing" ? null : base === "ours" ? ours : await zoneAt(tx, zone, base);
  if (!ours || (base !== "nothing" && !from)) return false;
  const theirs = parseCanonicalZone(copy.text, zone.name);
  return isOursLost ? !holdsChange(theirs, from, ours) : !holdsChange(ours, from, theirs);
}

/** What the sender accepted of this zone from here, and whether any other server accepted what is here now. */
async function acceptedOf(
  tx: RawQueryable,
  { originMemberId }: Origin,
  { id, seq }: StoredZone,
): Promise<{ accepted: number; isElsewhere: boolean }> {
  const rows = await tx.$queryRaw<{ memberId: Figure; ackSeq: Figure }[]>(sql`
    SELECT t."memberId", zt."ackSeq" FROM "ZoneTarget" zt JOIN "Target" t ON t."id" = zt."targetId"
    WHERE zt."zoneId" = ${id} AND t."memberId" IS NOT NULL`);
  const own = rows.find(({ memberId }) => Number(memberId) === originMemberId);
  return {
    accepted: Number(own?.ackSeq ?? 0),
    isElsewhere: rows.some((row) => row !== own && Number(row.ackSeq) >= seq),
  };
}

/** The newest revision before ours that came from the sender; 0: none. */
async function newestFrom(tx: RawQueryable, { writerId, originMemberId }: Origin, zone: StoredZone): Promise<number> {
  const from =
    originMemberId === null
      ? sql`"writerId" = ${writerId}`
      : sql`("writerId" = ${writerId} OR "originMemberId" = ${originMemberId})`;
  const [row] = await tx.$queryRaw<{ seq: Figure | null }[]>(sql`
    SELECT max("seq") AS "seq" FROM "Revision" WHERE "zoneId" = ${zone.id} AND "seq" < ${zone.seq} AND "kind" <> 'delete' AND ${from}`);
  return Number(row?.seq ?? 0);
}

async function before(tx: RawQueryable, zone: StoredZone): Promise<number | null> {
  const [row] = await tx.$queryRaw<{ seq: Figure | null }[]>(
    sql`SELECT max("seq") AS "seq" FROM "Revision" WHERE "zoneId" = ${zone.id} AND "seq" < ${zone.seq} AND "kind" <> 'delete'`,
  );
  return row?.seq == null ? null : Number(row.seq);
}

/** Copies that are in conflict already count as well: a member sends its copy again until it has ours. */
async function wasHere(tx: RawQueryable, zone: StoredZone, digest: string): Promise<boolean> {
  const [row] = await tx.$queryRaw<{ n: Figure }[]>(sql`
    SELECT (SELECT count(*) FROM "Revision" WHERE "zoneId" = ${zone.id} AND "digest" = ${digest})
      + (SELECT count(*) FROM "Conflict" WHERE "zoneId" = ${zone.id} AND "lostDigest" = ${digest}) AS "n"`);
  return Number(row?.n ?? 0) > 0;
}

async function zoneAt(tx: RawQueryable, zone: StoredZone, seq: number): Promise<Zone | null> {
  const [row] = await tx.$queryRaw<{ text: string }[]>(
    sql`SELECT "text" FROM "Revision" WHERE "seq" = ${seq} AND "zoneId" = ${zone.id}`,
  );
  return row && row.text !== "" ? parseCanonicalZone(row.text, zone.name) : null;
}

async function insert(tx: RawQueryable, origin: Origin, met: Met, now: number): Promise<void> {
  const { zone, copy, wonSeq, isOursLost } = met;
  const lost = isOursLost || !copy ? zone : copy;
  const lostSeq = isOursLost ? zone.seq : null;
  const lostText = isOursLost ? "" : (copy?.text ?? "");
  await tx.$executeRaw(sql`
    INSERT INTO "Conflict" ("zoneId", "at", "wonSeq", "isOursLost", "lostSeq", "lostText", "lostSerial", "lostDigest", "writerId", "memberId")
    VALUES (${zone.id}, ${now}, ${wonSeq}, ${isOursLost}, ${lostSeq}, ${lostText}, ${lost.serial}, ${lost.digest}, ${origin.writerId}, ${origin.originMemberId})`);
  await tx.$executeRaw(sql`
    DELETE FROM "Conflict" WHERE "zoneId" = ${zone.id} AND "settledAt" IS NULL AND "id" NOT IN (
      SELECT c."id" FROM "Conflict" c WHERE c."zoneId" = ${zone.id} AND c."settledAt" IS NULL ORDER BY c."id" DESC LIMIT ${KEPT})`);
}
