import type { z } from "zod";
import { type Actor, actorName } from "@/lib/access/actor";
import { authorize } from "@/lib/access/authorize";
import { recordAudit } from "@/lib/audit/record";
import type { Context } from "@/lib/context";
import type { Queryable } from "@/lib/db/database";
import { takeSequence } from "@/lib/db/sequence";
import { AppError } from "@/lib/errors";
import { publish } from "@/lib/live/bus";
import { publishZones } from "@/lib/live/publish-zones";
import { dropDebugLog } from "@/lib/members/debug-log";
import { memberName, NAME_COLUMNS } from "@/lib/members/member-name";
import { closeMemberDriver } from "@/lib/members/open-driver";
import { dropTarget } from "@/lib/members/target-row";
import { forgetAccount, forgetMembers } from "@/lib/notifications/episodes";
import { dropJobs } from "@/lib/sync-jobs/service";
import { commitRevision, StaleZone } from "@/lib/zones/commit-revision";
import { announceMoved, moveRows } from "@/lib/zones/move-zones";
import { assertZoneRoom } from "@/lib/zones/zone-limit";
import { storedZone } from "@/lib/zones/zone-row";
import type { userDeletion } from "./schemas";
import { setSuspended } from "./service";

/** What goes with an account, for the question before it is deleted. */
export interface UserBelongings {
  readonly username: string;
  readonly zones: number;
  /** Zones in the recycle bin. */
  readonly resting: number;
  readonly members: number;
  readonly tokens: number;
}

/** @throws AppError "forbidden", "not-found" */
export async function userBelongings(ctx: Context, actor: Actor, input: { userId: number }): Promise<UserBelongings> {
  authorize(actor, "user.manage");
  const { client } = ctx.db;
  const ownerId = input.userId;
  const { username } = await reseller(client, ownerId);
  const [zones, resting, members, tokens] = await Promise.all([
    client.zone.count({ where: { ownerId, deletedAt: null } }),
    client.zone.count({ where: { ownerId, deletedAt: { gt: 0 }, purgedAt: null } }),
    client.member.count({ where: { ownerId } }),
    client.apiToken.count({ where: { userId: ownerId } }),
  ]);
  return { username, zones, resting, members, tokens };
}

/** Zones in one transaction, so that nobody waits for long. */
const SLICE = 500;

/**
 * Deletes a reseller. The account is suspended first, so that nothing is added to it meanwhile. Then its zones go, slice by slice, to the chosen account,
 * or into the recycle bin, which is root's from then on. Last goes the account itself with its members and API tokens. What stops in the middle (a crash, a
 * limit) leaves a suspended account with the rest of its zones: doing it again goes on from there.
 *
 * At the account's own members the zones stay as they are: nobody here could answer for taking them from a server that was the reseller's.
 * @param input.zonesTo an account, or "recycle-bin"
 * @throws AppError "forbidden" (also for root itself), "not-found", "conflict" when the chosen account has no room for all of the zones
 */
export async function deleteUser(ctx: Context, actor: Actor, input: z.output<typeof userDeletion>): Promise<void> {
  authorize(actor, "user.manage");
  const { userId, zonesTo } = input;
  const { username } = await reseller(ctx.db.client, userId);
  if (zonesTo === userId) throw new AppError("invalid-input", "Choose another account than the one that is deleted.");
  if (zonesTo !== "recycle-bin") await assertTakes(ctx.db.client, userId, zonesTo);
  await setSuspended(ctx, actor, { userId, isSuspended: true });
  if (zonesTo === "recycle-bin") await binZones(ctx, actor, userId, username);
  else while ((await moveSlice(ctx, actor, userId, zonesTo)) > 0);
  const members = await removeAccount(ctx, actor, { userId, username, zonesTo });
  for (const { id } of members) {
    await closeMemberDriver(ctx, id);
    // SQLite gives a freed id to the next row: another member must not come to this one's records.
    await dropDebugLog(ctx, id);
  }
  publish("cluster");
  publishZones("many");
  ctx.wake();
}

async function reseller(db: Queryable, id: number) {
  const user = await db.user.findUnique({ where: { id } });
  if (!user) throw new AppError("not-found", "There is no such user. Reload the page.");
  if (user.role === "root") throw new AppError("forbidden", "This cannot be done to root.");
  return user;
}

/** All or nothing: told before anything is done. */
async function assertTakes(db: Queryable, userId: number, zonesTo: number): Promise<void> {
  const taker = await db.user.findUnique({ where: { id: zonesTo }, select: { id: true } });
  if (!taker) throw new AppError("not-found", "The account that was to get the zones is gone. Reload the page.");
  await assertZoneRoom(db, zonesTo, await db.zone.count({ where: { ownerId: userId, deletedAt: null } }));
}

/** @returns how many zones moved */
async function moveSlice(ctx: Context, actor: Actor, from: number, to: number): Promise<number> {
  const zones = await ctx.db.transaction(async (tx) => {
    const first = await takeSequence(tx, SLICE);
    const rows = await tx.zone.findMany({ where: { ownerId: from, deletedAt: null }, take: SLICE });
    const zones = rows.map(storedZone);
    await assertZoneRoom(tx, to, zones.length);
    const heir = await tx.user.findUniqueOrThrow({ where: { id: to }, select: { username: true } });
    // The reason is for the new owner to read: it does not say whose the zone was.
    await moveRows(ctx, tx, actor, { zones, first, ownerId: to, reason: `Moved to ${heir.username}` });
    return zones;
  });
  announceMoved(ctx, zones);
  return zones.length;
}

async function binZones(ctx: Context, actor: Actor, userId: number, username: string): Promise<void> {
  for (;;) {
    const rows = await ctx.db.client.zone.findMany({ where: { ownerId: userId, deletedAt: null }, take: SLICE });
    if (rows.length === 0) return;
    for (const before of rows.map(storedZone)) {
      const reason = `The account ${username} was deleted`;
      const revision = { name: before.name, zone: null, kind: "delete" as const, reason, ownerId: userId, before };
      await commitRevision(ctx, actor, revision).catch((error: unknown) => {
        // A member changed it this moment: the next round finds it as it is now.
        if (!(error instanceof StaleZone)) throw error;
      });
    }
  }
}

async function removeAccount(
  ctx: Context,
  actor: Actor,
  { userId, username, zonesTo }: { userId: number; username: string; zonesTo: number | "recycle-bin" },
): Promise<{ id: number }[]> {
  return ctx.db.transaction(async (tx) => {
    await takeSequence(tx, 0);
    if ((await tx.zone.count({ where: { ownerId: userId, deletedAt: null } })) > 0)
      throw new AppError("conflict", `${username} got another zone meanwhile. Delete the account again.`);
    // What rests in the bin, and the tombstones of what is gone: a row always has an owner.
    const { id: rootId } = await tx.user.findFirstOrThrow({ where: { role: "root" }, orderBy: { id: "asc" } });
    const heir = zonesTo === "recycle-bin" ? rootId : zonesTo;
    await tx.zone.updateMany({ where: { ownerId: userId, purgedAt: { not: null } }, data: { ownerId: rootId } });
    await tx.zone.updateMany({ where: { ownerId: userId }, data: { ownerId: heir } });
    const members = await tx.member.findMany({ where: { ownerId: userId }, select: { id: true, ...NAME_COLUMNS } });
    for (const { id } of members) await dropTarget(tx, id);
    await forgetAccount(tx, userId);
    await forgetMembers(
      tx,
      members.map(({ id }) => id),
      ctx.clock.now(),
    );
    await tx.orphan.deleteMany({ where: { memberId: { in: members.map(({ id }) => id) } } });
    await tx.member.deleteMany({ where: { ownerId: userId } });
    await dropJobs(tx, await tx.syncJob.findMany({ where: { accountId: userId }, select: { id: true } }));
    const tokens = await tx.apiToken.deleteMany({ where: { userId } });
    await tx.refusedCall.deleteMany({ where: { userId } });
    await tx.user.delete({ where: { id: userId } });
    await recordAudit(tx, actor, {
      at: ctx.clock.now(),
      action: "user.delete",
      subject: username,
      detail: { by: actorName(actor), zonesTo, members: members.map(memberName), tokens: tokens.count },
    });
    return members;
  });
}
