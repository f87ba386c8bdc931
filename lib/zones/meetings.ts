import { join, type RawQueryable, sql } from "@/lib/db/database";
import { compareSerials } from "@/lib/dns/serial";
import { readReaches } from "@/lib/members/reach";
import { readSettings } from "@/lib/settings/settings";
import { type Reach, reaches } from "@/lib/sync/reach";
import { isContested } from "./contest";
import { isPeer, type Origin } from "./writers";
import { ROWS, type StoredZone } from "./zone-row";

/** What a copy is told by, or a deletion by what was deleted. */
interface Copy {
  readonly serial: number;
  readonly digest: string;
  readonly isGone?: boolean;
}

/** What is to be known of the copies that differ from what is here. */
export interface Meetings {
  /** The writer of the copy that is here; null: this server. */
  writerOf(zone: StoredZone): number | null;
  /** Whether it was made without the copy that is here (lib/zones/contest). */
  isContested(copy: Copy, zone: StoredZone): boolean;
  /**
   * Whether the newer copy stays although the sender does not look. Where two servers write to each other, each would otherwise end with the other's copy; and
   * what was here before, came from elsewhere and was replaced since, is on its way around a circle of servers: there it ends.
   */
  keepsNewest(copy: Copy, zone: StoredZone): boolean;
}

/** A copy that was replaced this long ago and comes again is no echo any more. Longer than the pauses of a member that is down for a moment. */
const ECHO_MS = 3_600_000;

/** Who sends, and how. */
interface Asked extends Origin {
  readonly mode: "newest" | "overwrite";
  readonly now: number;
}

/** Reads what decides, for a few hundred zones at a time. @param pairs zones whose copy differs, those in the recycle bin included */
export async function readMeetings(
  tx: RawQueryable,
  { sender, writerId, originMemberId, mode, now }: Asked,
  pairs: readonly { readonly copy: Copy; readonly zone: StoredZone }[],
): Promise<Meetings> {
  const writers = new Map<number, number | null | "unknown">();
  const had = new Map<number, number>();
  const echoes = new Set<string>();
  const isBlind = mode === "overwrite" && sender !== null && isPeer(sender);
  // Where the newest copy wins, a serial that goes on is all there is to know.
  const doubtful = mode === "newest" ? pairs.filter(({ copy, zone }) => copy.serial === zone.serial) : pairs;
  for (let at = 0; sender && at < doubtful.length; at += ROWS) {
    const part = doubtful.slice(at, at + ROWS);
    for (const [seq, writer] of await writersOf(
      tx,
      part.map(({ zone }) => zone.seq),
    ))
      writers.set(seq, writer);
    const ids = part.map(({ zone }) => zone.id);
    if (originMemberId !== null) for (const [id, seq] of await acceptedBy(tx, originMemberId, ids)) had.set(id, seq);
    if (isBlind) for (const key of await replaced(tx, part, writerId, now - ECHO_MS)) echoes.add(key);
  }
  const sentBack = isBlind && originMemberId !== null && pairs.length > 0 ? await sentTo(tx, originMemberId) : null;
  const writerOf = (zone: StoredZone) => writers.get(zone.seq) ?? null;
  const isSameWriter = (zone: StoredZone) => writerOf(zone) === "unknown" || writerOf(zone) === writerId;
  return {
    writerOf: (zone) => {
      const writer = writerOf(zone);
      return writer === "unknown" ? null : writer;
    },
    isContested: (copy, zone) =>
      sender !== null &&
      (mode === "overwrite" || copy.serial === zone.serial) &&
      isContested({
        isNewerSerial: compareSerials(copy.serial, zone.serial) === 1,
        isSameSerial: copy.serial === zone.serial,
        isSameContent: copy.digest === zone.digest,
        isSameWriter: isSameWriter(zone),
        hadOurs: (had.get(zone.id) ?? 0) >= zone.seq,
        isPeer: isPeer(sender),
        isBlind,
      }),
    keepsNewest: (copy, zone) =>
      (sentBack !== null && reaches(sentBack, zone.ownerId)) || echoes.has(echoKey(zone.id, copy)),
  };
}

const echoKey = (zoneId: number, { serial, digest, isGone = false }: Copy) => `${zoneId}/${serial}/${digest}/${isGone}`;

type Figure = number | bigint;

/** "unknown": it came from another server, before writers were remembered. */
async function writersOf(tx: RawQueryable, seqs: readonly number[]): Promise<[number, number | null | "unknown"][]> {
  const rows = await tx.$queryRaw<{ seq: Figure; kind: string; writerId: Figure | null }[]>(
    sql`SELECT "seq", "kind", "writerId" FROM "Revision" WHERE "seq" IN (${join([...seqs])})`,
  );
  return rows.map(({ seq, kind, writerId }) => {
    if (writerId !== null) return [Number(seq), Number(writerId)];
    return [Number(seq), kind === "receive" ? "unknown" : null];
  });
}

/** What the sender accepted from us. */
async function acceptedBy(tx: RawQueryable, memberId: number, zoneIds: readonly number[]): Promise<[number, number][]> {
  const rows = await tx.$queryRaw<{ zoneId: Figure; ackSeq: Figure }[]>(sql`
    SELECT zt."zoneId", zt."ackSeq" FROM "Target" t JOIN "ZoneTarget" zt ON zt."targetId" = t."id"
    WHERE t."memberId" = ${memberId} AND zt."zoneId" IN (${join([...zoneIds])})`);
  return rows.map(({ zoneId, ackSeq }) => [Number(zoneId), Number(ackSeq)]);
}

/** Copies (and deletions) that were here lately, did not come from this sender, and have been replaced. */
async function replaced(
  tx: RawQueryable,
  pairs: readonly { readonly copy: Copy; readonly zone: StoredZone }[],
  writerId: number | null,
  since: number,
): Promise<string[]> {
  type Row = { zoneId: Figure; serial: Figure; digest: string; kind: string; writerId: Figure | null };
  const rows = await tx.$queryRaw<Row[]>(sql`
    SELECT "zoneId", "serial", "digest", "kind", "writerId" FROM "Revision" WHERE "zoneId" IN (${join(pairs.map(({ zone }) => zone.id))})
      AND "digest" IN (${join(pairs.map(({ copy }) => copy.digest))}) AND "createdAt" > ${since}`);
  return rows
    .filter((row) => row.writerId === null || Number(row.writerId) !== writerId)
    .map(({ zoneId, serial, digest, kind }) =>
      echoKey(Number(zoneId), { serial: Number(serial), digest, isGone: kind === "delete" }),
    );
}

/** Which zones this server sends to the member; null: it sends it none. */
async function sentTo(tx: RawQueryable, memberId: number): Promise<Reach | null> {
  const { isEnabled } = await readSettings(tx, "cluster");
  if (!isEnabled) return null;
  const targets = await tx.$queryRaw<{ id: Figure }[]>(sql`SELECT "id" FROM "Target" WHERE "memberId" = ${memberId}`);
  return targets.length > 0 ? ((await readReaches(tx, memberId)).get(memberId)?.reach ?? null) : null;
}

/** A zone whose copy, which is here, met another one. */
export interface Contest {
  readonly zoneId: number;
  /** null: this server. */
  readonly overId: number | null;
}

/** Marks zones that two servers write, in the transaction of the receipt. */
export async function markContested(
  tx: RawQueryable,
  contests: readonly Contest[],
  { byId, now }: { byId: number | null; now: number },
): Promise<void> {
  for (let at = 0; at < contests.length; at += ROWS) {
    // PostgreSQL does not infer the types of parameters in a VALUES list.
    const rows = contests
      .slice(at, at + ROWS)
      .map(({ zoneId, overId }) => sql`(CAST(${zoneId} AS INTEGER), CAST(${overId} AS INTEGER))`);
    await tx.$executeRaw(sql`
      WITH "Met" ("id", "over") AS (VALUES ${join(rows)})
      UPDATE "Zone" SET "contestedAt" = ${now}, "contestedById" = ${byId}, "contestedOverId" = (SELECT m."over" FROM "Met" m WHERE m."id" = "Zone"."id")
      WHERE "id" IN (SELECT "id" FROM "Met")`);
  }
}
