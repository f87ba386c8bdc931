import type { Context } from "@/lib/context";
import { join, sql } from "@/lib/db/database";
import { DriverError } from "@/lib/errors";
import { logger } from "@/lib/logger";
import { isWorking } from "@/lib/members/held";
import { findMember, type MemberRecord } from "@/lib/members/member-row";
import { openMemberDriver } from "@/lib/members/open-driver";
import { readSettings } from "@/lib/settings/settings";
import { LOCAL } from "@/lib/sync-jobs/schemas";
import type { Chore } from "../chores";
import type { OpenMember } from "../sync-jobs/plan-job";
import { addDetails, createOrphanScan } from "./scan";

const log = logger("orphans");

/** How often a member is asked for all its zones, to find those that nobody owns. Every plan finds them as well. */
const SCAN_MS = 6 * 60 * 60_000;
const LOOK_MS = 10_000;

/** Finds zones that nobody owns, at one member after the other; nothing is changed there or here. */
export function orphanChore(ctx: Context, open: OpenMember = openMemberDriver): Chore {
  return { name: "orphans", everyMs: LOOK_MS, run: (signal) => scanNext(ctx, open, signal) };
}

/** @returns whether a member was asked: another one may be due */
export async function scanNext(ctx: Context, open: OpenMember, signal: AbortSignal): Promise<boolean> {
  const { isEnabled } = await readSettings(ctx.db.client, "cluster");
  if (!isEnabled) return false;
  const now = ctx.clock.now();
  const [due] = await ctx.db.client.$queryRaw<{ id: number | bigint }[]>(sql`
    SELECT m."id" FROM "Member" m WHERE ${isWorking} AND (m."orphansAt" IS NULL OR m."orphansAt" <= ${now - SCAN_MS} OR m."orphansAt" > ${now})
    ORDER BY COALESCE(m."orphansAt", 0), m."id" LIMIT 1`);
  const member = due ? await findMember(ctx.db.client, Number(due.id)) : null;
  if (!member) return false;
  await begin(ctx, member, now);
  try {
    await scanMember(ctx, member, open, signal);
  } catch (error) {
    if (!(error instanceof DriverError)) throw error;
    if (error.kind !== "aborted" && error.kind !== "held")
      log.info("a member could not be asked for its zones", { member: member.hostname, reason: error.message });
  }
  return true;
}

async function scanMember(ctx: Context, member: MemberRecord, open: OpenMember, signal: AbortSignal): Promise<void> {
  const driver = await open(ctx, member);
  if (!driver.capabilities.read.supported) return;
  const scan = await createOrphanScan(ctx, member);
  for await (const page of driver.list(signal)) await scan.page(page);
  await scan.finish();
  await addDetails(ctx, member.id, driver, signal);
}

/**
 * Notes the member's turn before it is tried: one that fails waits for its next turn and holds up no other. And finds what nobody here owns: an account takes
 * its zones along when it is deleted; a database that was mended by hand may know zones of nobody.
 */
async function begin(ctx: Context, member: MemberRecord, now: number): Promise<void> {
  const rows = await ctx.db.client.$queryRaw<
    { name: string; serial: bigint | number; recordCount: number | bigint }[]
  >(sql`
    SELECT z."name", z."serial", z."recordCount" FROM "Zone" z
    WHERE z."deletedAt" IS NULL AND NOT EXISTS (SELECT 1 FROM "User" u WHERE u."id" = z."ownerId") LIMIT 500`);
  await ctx.db.transaction(async (tx) => {
    await tx.member.updateMany({ where: { id: member.id }, data: { orphansAt: BigInt(now) } });
    await tx.orphan.deleteMany({ where: { memberId: LOCAL, zone: { notIn: rows.map(({ name }) => name) } } });
    if (rows.length === 0) return;
    const values = rows.map(
      ({ name, serial, recordCount }) =>
        sql`(${LOCAL}, ${name}, ${"here"}, ${"account-gone"}, ${now}, ${now}, ${serial}, ${recordCount})`,
    );
    await tx.$executeRaw(sql`
      INSERT INTO "Orphan" ("memberId", "zone", "side", "kind", "firstSeenAt", "lastSeenAt", "serial", "records") VALUES ${join(values)}
      ON CONFLICT ("memberId", "zone", "side") DO UPDATE SET "lastSeenAt" = excluded."lastSeenAt"`);
  }, "orphans.account");
}
