import { z } from "zod";
import type { Actor } from "@/lib/access/actor";
import { authorize } from "@/lib/access/authorize";
import type { Context } from "@/lib/context";
import { type Queryable, sql } from "@/lib/db/database";
import { AppError } from "@/lib/errors";
import { publish } from "@/lib/live/bus";
import { assertAskable, isWorkedOn } from "@/lib/members/held";
import { findMember } from "@/lib/members/queries";
import { reachCondition, targetReaches } from "@/lib/members/reach";
import { readSettings } from "@/lib/settings/settings";
import { zoneName } from "@/lib/zones/schemas";
import { findZone, type StoredZone } from "@/lib/zones/zone-row";

/** What a *Check again* button sends. `memberId` null: this server's own nameserver. */
export const proofCheckInput = z
  .object({ zone: zoneName.optional(), memberId: z.number().int().positive().nullable().optional() })
  .refine(({ zone, memberId }) => zone !== undefined || memberId !== undefined, "Say what is to be checked.");

export type ProofCheckInput = z.output<typeof proofCheckInput>;

/** What was looked at within this time is not looked at again: a button that is pressed ten times asks once. */
const REST_MS = 2_000;
/** The same for all zones of a target. */
const ROUND_REST_MS = 30_000;
/** Looks of the verification that are counted as made: the next ones come in seconds, and not in milliseconds as after an acknowledgement. */
const ATTEMPTS = 7;

type Targets = Awaited<ReturnType<typeof targetReaches>>;

/**
 * *Check again*: looks at once at what is really served. With `zone`: its serial and its content at all its targets, or at one member; with `memberId`
 * alone: every zone's serial there, and the content of those that differed. Returns when that is due; what is found shows in the rows, within a second for a zone.
 * @throws AppError "not-found" for what is not there or not the asker's; "conflict" for a member that is disabled, paused or gets no zones; "forbidden"
 */
export async function checkProof(ctx: Context, actor: Actor, input: ProofCheckInput): Promise<void> {
  const { isEnabled } = await readSettings(ctx.db.client, "cluster");
  const targets = await targetReaches(ctx.db.client, isEnabled);
  const zone = input.zone === undefined ? null : await ownZone(ctx, actor, input.zone);
  const target = input.memberId === undefined ? null : await ownTarget(ctx, actor, targets, input.memberId);
  await ctx.db.transaction(async (tx) => {
    if (zone) for (const at of target ? [target] : targets) await checkZone(tx, at, zone, ctx.clock.now());
    else if (target) await checkAll(tx, target.targetId, ctx.clock.now());
  });
  if (zone) publish(`zone:${zone.name}`);
  ctx.wake();
}

async function ownZone(ctx: Context, actor: Actor, name: string): Promise<StoredZone> {
  const { ownerId } = authorize(actor, "zone.read");
  const zone = await findZone(ctx.db.client, name);
  if (!zone || (ownerId !== null && zone.ownerId !== ownerId))
    throw new AppError("not-found", "There is no such zone here, or it is not yours.");
  return zone;
}

async function ownTarget(
  ctx: Context,
  actor: Actor,
  targets: Targets,
  memberId: number | null,
): Promise<Targets[number]> {
  if (memberId === null) authorize(actor, "settings.manage");
  else assertAskable(await findMember(ctx, actor, memberId));
  const target = targets.find((candidate) => candidate.memberId === memberId);
  if (!target) throw new AppError("conflict", "No zones are sent there, so there is nothing to check.");
  return target;
}

/** The zone is due at this target, if that acknowledged it. Of one that is not the target's any more only a deletion is looked at. */
async function checkZone(tx: Queryable, { targetId, reach }: Targets[number], zone: StoredZone, now: number) {
  const row = sql`"zoneId" = ${zone.id} AND "targetId" = ${targetId}`;
  const isTheirs = sql`EXISTS (SELECT 1 FROM "Zone" z WHERE z."id" = ${zone.id} AND ${reachCondition(reach)})`;
  const isWorking = sql`EXISTS (SELECT 1 FROM "Target" t WHERE t."id" = ${targetId} AND ${isWorkedOn})`;
  const isGone = zone.deletedAt === null ? sql`"ackSeq" = 0 AND NOT ${isTheirs}` : sql`1 = 1`;
  await tx.$executeRaw(sql`
    UPDATE "ZoneTarget" SET "verifySeq" = "ackSeq", "verifyAt" = ${now}, "verifyAttempts" = CASE WHEN "verifySeq" IS NULL THEN ${ATTEMPTS} ELSE "verifyAttempts" END
    WHERE ${row} AND ${isWorking} AND ("observedAt" IS NULL OR "observedAt" < ${now - REST_MS} OR "observedAt" > ${now})
      AND (("ackSeq" > 0 AND "ackDigest" <> '' AND ${isTheirs}) OR ("ackDigest" = '' AND ${isGone}))`);
  await tx.$executeRaw(sql`
    INSERT INTO "ContentCheck" ("zoneId", "targetId", "dueAt")
    SELECT "zoneId", "targetId", ${now} FROM "ZoneTarget" WHERE ${row} AND ${isWorking} AND "ackSeq" > 0 AND "ackDigest" <> '' AND ${isTheirs}
      AND ("contentAt" IS NULL OR "contentAt" < ${now - REST_MS} OR "contentAt" > ${now})
    ON CONFLICT ("zoneId", "targetId") DO UPDATE SET "dueAt" = excluded."dueAt"`);
}

/** A round over all zones of the target begins at once and is not spread over its interval; what differed is looked at before it. */
async function checkAll(tx: Queryable, targetId: number, now: number): Promise<void> {
  await tx.$executeRaw(sql`
    UPDATE "Target" SET "sweepZoneId" = 0, "sweepBeganAt" = NULL, "isSweepHurried" = ${true}
    WHERE "id" = ${targetId} AND "isSweepHurried" = ${false} AND ("sweepEndedAt" IS NULL OR "sweepEndedAt" < ${now - ROUND_REST_MS} OR "sweepEndedAt" > ${now})`);
  await tx.$executeRaw(sql`
    UPDATE "ZoneTarget" SET "verifySeq" = "ackSeq", "verifyAt" = ${now}
    WHERE "targetId" = ${targetId} AND "problem" IN ('lame', 'missing', 'old-serial', 'newer-serial', 'extra')
      AND ("observedAt" IS NULL OR "observedAt" < ${now - REST_MS})`);
  await tx.$executeRaw(sql`
    UPDATE "ContentCheck" SET "dueAt" = ${now} WHERE "targetId" = ${targetId} AND "dueAt" > ${now}`);
}
