import type { Context } from "@/lib/context";
import { join, sql } from "@/lib/db/database";
import type { Driver, RemoteZone } from "@/lib/drivers/driver";
import { publish } from "@/lib/live/bus";
import type { MemberRecord } from "@/lib/members/member-row";
import { type MemberReach, readReaches } from "@/lib/members/reach";
import { ownedHere } from "@/lib/orphans/owned-here";
import { copyKind, type OrphanKind } from "@/lib/sync/orphan-kind";
import { reaches } from "@/lib/sync/reach";
import { fetchStamps } from "../sync-jobs/read-copies";

/** Rows in one statement. */
const ROWS = 200;
/** Zones of this server that are looked at in one statement. */
const SLICE = 1_000;
/** Copies whose records are counted in one round, newest finds first: what is more is counted in the next one. */
const DETAILED = 200;

/** Takes in what a member lists, page by page, whoever asked it to. */
export interface OrphanScan {
  page(zones: readonly RemoteZone[]): Promise<void>;
  /** The list was complete: what was not in it is not there any more. */
  finish(): Promise<void>;
}

interface Found {
  readonly zone: string;
  readonly side: "there" | "here";
  readonly kind: OrphanKind;
  readonly serial: number | null;
  readonly digest: string | null;
  readonly records: number | null;
}

/**
 * Finds zones that nobody owns, both ways: those that a member holds and this server does not, and those of this server that came from the member, which has
 * them no more. A list that breaks off ends no row. What is kept in memory is a number for each zone that came from there.
 */
export async function createOrphanScan(ctx: Context, member: MemberRecord): Promise<OrphanScan> {
  const startedAt = ctx.clock.now();
  const reach = (await readReaches(ctx.db.client, member.id)).get(member.id);
  const target = await ctx.db.client.target.findUnique({ where: { memberId: member.id }, select: { id: true } });
  const fromThere = new Set<number>();

  const page = async (zones: readonly RemoteZone[]) => {
    for (let at = 0; at < zones.length; at += ROWS) {
      const part = zones.slice(at, at + ROWS);
      const names = part.map(({ name }) => name);
      const here = await ownedHere(ctx.db.client, member.ownerId, names);
      const sent = await sentThere(ctx, target?.id ?? 0, names);
      const found = part.flatMap((zone): Found[] => {
        const ours = here.get(zone.name);
        if (ours?.originMemberId === member.id) fromThere.add(ours.id);
        const known = { isDnsOnly: member.kind === "dns-only", wasSent: sent.has(zone.name) };
        const kind = copyKind(ours ? { ...ours, isDeleted: ours.deletedAt !== null } : null, zone, known);
        if (kind === null) return [];
        const { serial = null, digest = null } = zone;
        return [{ zone: zone.name, side: "there", kind, serial, digest, records: null }];
      });
      await store(ctx, member.id, found, startedAt);
    }
  };

  const finish = async () => {
    await stillAnswering(ctx, member.id, target?.id ?? 0, startedAt);
    if (reach?.receives) await lostAtSource(ctx, member.id, reach, fromThere, startedAt);
    const gone = { memberId: member.id, lastSeenAt: { lt: BigInt(startedAt) } };
    const { count } = await ctx.db.statement((db) => db.orphan.deleteMany({ where: gone }), "orphans.gone");
    if (count > 0) publish("sync");
  };
  return { page, finish };
}

async function sentThere(ctx: Context, targetId: number, names: readonly string[]): Promise<Set<string>> {
  if (targetId === 0 || names.length === 0) return new Set();
  const rows = await ctx.db.client.$queryRaw<{ name: string }[]>(sql`
    SELECT z."name" FROM "Zone" z JOIN "ZoneTarget" t ON t."zoneId" = z."id" AND t."targetId" = ${targetId}
    WHERE z."name" IN (${join([...names])})`);
  return new Set(rows.map(({ name }) => name));
}

/** What was decided about a row, and since when it is known, stays. Of two who ask at once the one that began last has seen it last; nobody has in the future. */
async function store(ctx: Context, memberId: number, found: readonly Found[], now: number): Promise<void> {
  if (found.length === 0) return;
  const rows = found.map(
    ({ zone, side, kind, serial, digest, records }) =>
      sql`(${memberId}, ${zone}, ${side}, ${kind}, ${now}, ${now}, ${serial}, ${digest}, ${records})`,
  );
  await ctx.db.relaxedTransaction(async (tx) => {
    await tx.$executeRaw(sql`
      INSERT INTO "Orphan" ("memberId", "zone", "side", "kind", "firstSeenAt", "lastSeenAt", "serial", "digest", "records") VALUES ${join(rows)}
      ON CONFLICT ("memberId", "zone", "side") DO UPDATE SET "kind" = excluded."kind",
        "lastSeenAt" = CASE WHEN "Orphan"."lastSeenAt" BETWEEN excluded."lastSeenAt" AND ${ctx.clock.now()} THEN "Orphan"."lastSeenAt" ELSE excluded."lastSeenAt" END,
        "records" = CASE WHEN excluded."digest" IS NOT NULL AND excluded."digest" <> "Orphan"."digest" THEN excluded."records"
          ELSE COALESCE(excluded."records", "Orphan"."records") END,
        "serial" = COALESCE(excluded."serial", "Orphan"."serial"), "digest" = COALESCE(excluded."digest", "Orphan"."digest")`);
  }, "orphans.found");
}

/** Deleted here and not listed there, and yet its nameserver answers for it. */
async function stillAnswering(ctx: Context, memberId: number, targetId: number, now: number): Promise<void> {
  const rows = await ctx.db.client.$queryRaw<{ name: string; serial: bigint | number | null }[]>(sql`
    SELECT z."name", t."observedSerial" AS "serial" FROM "ZoneTarget" t JOIN "Zone" z ON z."id" = t."zoneId"
    WHERE t."targetId" = ${targetId} AND t."problem" = 'extra' AND z."deletedAt" IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM "Orphan" o WHERE o."memberId" = ${memberId} AND o."zone" = z."name" AND o."side" = 'there' AND o."lastSeenAt" >= ${now})`);
  for (let at = 0; at < rows.length; at += ROWS) {
    const found = rows.slice(at, at + ROWS).map(({ name, serial }): Found => {
      const known = { serial: serial === null ? null : Number(serial), digest: null, records: null };
      return { zone: name, side: "there", kind: "answers", ...known };
    });
    await store(ctx, memberId, found, now);
  }
}

/** Zones that came from the member as they are, and that it does not list. One that was edited here since is this server's. */
async function lostAtSource(
  ctx: Context,
  memberId: number,
  { accepts }: MemberReach,
  fromThere: ReadonlySet<number>,
  now: number,
): Promise<void> {
  type Row = Record<"id" | "ownerId" | "serial" | "recordCount", number | bigint> & { name: string; digest: string };
  for (let after = 0, isDone = false; !isDone; ) {
    const rows = await ctx.db.client.$queryRaw<Row[]>(sql`
      SELECT "id", "ownerId", "name", "serial", "digest", "recordCount" FROM "Zone"
      WHERE "id" > ${after} AND "originMemberId" = ${memberId} AND "deletedAt" IS NULL ORDER BY "id" LIMIT ${SLICE}`);
    const lost = rows.filter(({ id, ownerId }) => !fromThere.has(Number(id)) && reaches(accepts, Number(ownerId)));
    for (let at = 0; at < lost.length; at += ROWS)
      await store(
        ctx,
        memberId,
        lost.slice(at, at + ROWS).map(({ name, serial, digest, recordCount }) => ({
          ...{ zone: name, side: "here" as const, kind: "source-gone" as const },
          ...{ serial: Number(serial), digest, records: Number(recordCount) },
        })),
        now,
      );
    after = Number(rows.at(-1)?.id ?? 0);
    isDone = rows.length < SLICE;
  }
}

/** Looks at copies of which only the name is known, or not how many records they hold. @throws DriverError */
export async function addDetails(ctx: Context, memberId: number, driver: Driver, signal: AbortSignal): Promise<void> {
  const rows = await ctx.db.client.orphan.findMany({
    where: { memberId, side: "there", records: null, kind: { notIn: ["own", "answers"] } },
    orderBy: { firstSeenAt: "desc" },
    take: DETAILED,
    select: { id: true, zone: true },
  });
  if (rows.length === 0 || driver.capabilities.ownSerials) return;
  const { stamps, zones } = await fetchStamps(
    driver,
    rows.map(({ zone }) => zone),
    signal,
  );
  await ctx.db.relaxedTransaction(async (tx) => {
    for (const { id, zone } of rows) {
      const [stamp, read] = [stamps.get(zone), zones.get(zone)];
      if (!stamp || !read) continue;
      const records = read.rrsets.reduce((sum, { rdatas }) => sum + rdatas.length, 0);
      await tx.$executeRaw(
        sql`UPDATE "Orphan" SET "records" = ${records}, "serial" = ${stamp.serial}, "digest" = ${stamp.digest} WHERE "id" = ${id}`,
      );
    }
  }, "orphans.details");
}
