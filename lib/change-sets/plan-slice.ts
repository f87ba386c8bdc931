import { authorize } from "@/lib/access/authorize";
import type { Context } from "@/lib/context";
import { empty, join, sql } from "@/lib/db/database";
import { replaceValue } from "@/lib/dns/replace-value";
import { parseCanonicalZone } from "@/lib/dns/zone-file";
import { publish } from "@/lib/live/bus";
import { containsPattern } from "@/lib/zones/queries-search";
import { endChangeSet } from "./apply-slice";
import { changeSetOf } from "./change-set";
import { jobActor } from "./job-actor";

/** Zones that one slice looks at. */
const SLICE = 500;
/** Those of them that are read record by record. */
const PARSED = 100;

interface Candidate {
  readonly id: number | bigint;
  readonly name: string;
  readonly changeSeq: number | bigint;
}

/**
 * Finds the zones of a replacement, a slice at a time, in the order of their ids: those that have the value in the text of their newest revision, and of
 * these those that have it in a record of the type. The search index is not asked: it follows behind, and a zone must not be missed.
 * @returns whether to go on at once
 */
export async function planChangeSlice(ctx: Context, id: number): Promise<boolean> {
  const row = await ctx.db.client.changeSet.findUnique({ where: { id } });
  const set = row && changeSetOf(row);
  if (set?.state !== "planning" || !set.work.replace) return false;
  const actor = await jobActor(ctx, set.actorId);
  if (!actor) {
    await endChangeSet(ctx, id, "cancelled", "The account that asked for it is gone or suspended.");
    return false;
  }
  const { replace } = set.work;
  const { ownerId } = authorize(actor, "zone.write");
  const upTo = await lastOf(ctx, replace.seenZoneId);
  const candidates = await ctx.db.client.$queryRaw<Candidate[]>(sql`
    SELECT z."id", z."name", z."changeSeq" FROM "Zone" z JOIN "Revision" r ON r."seq" = z."changeSeq"
    WHERE z."id" > ${replace.seenZoneId} AND z."id" <= ${upTo} AND z."deletedAt" IS NULL ${ownerId === null ? empty : sql`AND z."ownerId" = ${ownerId}`}
      ${replace.within === "" ? empty : sql`AND z."name" LIKE ${containsPattern(replace.within)} ESCAPE '\\'`}
      AND r."text" LIKE ${containsPattern(replace.from)} ESCAPE '\\' ORDER BY z."id" LIMIT ${PARSED}`);
  const found: { zoneId: number; records: number }[] = [];
  for (const { id: zoneId, name, changeSeq } of candidates) {
    // One text at a time: a zone may have tens of megabytes.
    const revision = await ctx.db.client.revision.findUnique({
      where: { seq: BigInt(changeSeq) },
      select: { text: true },
    });
    const { count } = replaceValue(parseCanonicalZone(revision?.text ?? "", name), replace);
    if (count > 0) found.push({ zoneId: Number(zoneId), records: count });
    await new Promise(setImmediate);
  }
  // Where there were more candidates than are read at a time, the next slice begins after the last of them.
  const seenZoneId = candidates.length < PARSED ? upTo : Number(candidates.at(-1)?.id ?? upTo);
  const isOver = seenZoneId === replace.seenZoneId;
  await ctx.db.transaction(async (tx) => {
    const { count } = await tx.changeSet.updateMany({
      where: { id, state: "planning" },
      data: { state: isOver ? "ready" : "planning", work: JSON.stringify({ replace: { ...replace, seenZoneId } }) },
    });
    if (count === 0 || found.length === 0) return;
    const rows = found.map(({ zoneId, records }) => sql`(${id}, ${zoneId}, ${"replace"}, ${"planned"}, ${records})`);
    await tx.$executeRaw(sql`
      INSERT INTO "ChangeItem" ("changeSetId", "zoneId", "mode", "state", "records") VALUES ${join(rows)}
      ON CONFLICT ("changeSetId", "zoneId") DO NOTHING`);
  }, "changes.plan");
  if (isOver) publish("zones");
  return !isOver;
}

/** The id up to which a slice looks. @returns `after` itself at the end */
async function lastOf(ctx: Context, after: number): Promise<number> {
  const [row] = await ctx.db.client.$queryRaw<{ id: number | bigint | null }[]>(sql`
    SELECT max(z."id") AS "id" FROM (SELECT "id" FROM "Zone" WHERE "id" > ${after} ORDER BY "id" LIMIT ${SLICE}) z`);
  return row?.id == null ? after : Number(row.id);
}
