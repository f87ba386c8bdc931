import { z } from "zod";
import type { Actor, UserActor } from "@/lib/access/actor";
import { authorize } from "@/lib/access/authorize";
import { recordAudit } from "@/lib/audit/record";
import type { Context } from "@/lib/context";
import { AppError } from "@/lib/errors";
import { publish } from "@/lib/live/bus";
import { publishZones } from "@/lib/live/publish-zones";
import { readSettings } from "@/lib/settings/settings";

/** "Unique DNS Clustering" and "Managing DNS cluster as": whose cluster a page is about, and which members an account's zones go to. */
export interface AccountCluster {
  readonly accountId: number;
  readonly username: string;
  readonly isRoot: boolean;
  /** The account's zones go to its own members, and not to root's. */
  readonly uniqueCluster: boolean;
  /** Members of its own that were disabled are enabled when they answer again. Of root's the settings tell (./settings). */
  readonly autoEnable: boolean;
  readonly isClusterEnabled: boolean;
  readonly zones: number;
  readonly memberLimit: number | null;
}

/**
 * The cluster of an account, the asker's own when left out.
 * @throws AppError "forbidden"; "not-found" when there is no such account, or it is somebody else's and the asker is not root
 */
export async function accountCluster(ctx: Context, actor: UserActor, accountId?: number): Promise<AccountCluster> {
  const id = accountId ?? actor.userId;
  authorize(actor, "cluster.manage", id);
  const [user, { isEnabled }, zones] = await Promise.all([
    ctx.db.client.user.findUnique({ where: { id } }),
    readSettings(ctx.db.client, "cluster"),
    ctx.db.client.zone.count({ where: { ownerId: id, deletedAt: null } }),
  ]);
  if (!user) throw new AppError("not-found", "There is no such account.");
  return {
    accountId: id,
    username: user.username,
    isRoot: user.role === "root",
    uniqueCluster: user.uniqueCluster,
    autoEnable: user.autoEnable,
    isClusterEnabled: isEnabled,
    zones,
    memberLimit: user.memberLimit,
  };
}

/** The accounts for "Managing DNS cluster as": those that may have a cluster or still have members. @throws AppError "forbidden" for anyone but root */
export async function clusterAccounts(ctx: Context, actor: Actor): Promise<{ id: number; username: string }[]> {
  authorize(actor, "cluster.settings");
  const owners = await ctx.db.client.member.findMany({ distinct: ["ownerId"], select: { ownerId: true } });
  return ctx.db.client.user.findMany({
    where: {
      OR: [
        { role: "root" },
        { acls: { contains: '"clustering"' } },
        { id: { in: owners.map(({ ownerId }) => ownerId) } },
      ],
    },
    select: { id: true, username: true },
    orderBy: [{ role: "desc" }, { username: "asc" }],
  });
}

export const uniqueClusterInput = z.object({ accountId: z.number().int(), uniqueCluster: z.boolean() });

/**
 * Says whether an account's zones go to its own members or to root's. Targets that are to have them from now on get what they lack; where the zones were so
 * far their copies stay (lib/members/left-copies).
 * @throws AppError "not-found"; "forbidden" for root's own cluster, which is everybody's
 */
export async function setUniqueCluster(
  ctx: Context,
  actor: Actor,
  { accountId, uniqueCluster }: z.output<typeof uniqueClusterInput>,
): Promise<void> {
  await changeAccount(ctx, actor, accountId, "cluster.unique", { uniqueCluster });
  publishZones("many");
  ctx.wake();
}

export const autoEnableInput = z.object({ accountId: z.number().int(), autoEnable: z.boolean() });

/**
 * Says whether an account's own members are enabled again when they answer, after they were disabled. It disables and enables nobody by itself.
 * @throws AppError "not-found"; "forbidden" for root's own cluster, whose options are root's settings
 */
export async function setAutoEnable(
  ctx: Context,
  actor: Actor,
  { accountId, autoEnable }: z.output<typeof autoEnableInput>,
): Promise<void> {
  await changeAccount(ctx, actor, accountId, "cluster.auto-enable", { autoEnable });
}

async function changeAccount(
  ctx: Context,
  actor: Actor,
  accountId: number,
  action: `cluster.${string}`,
  changes: { readonly uniqueCluster: boolean } | { readonly autoEnable: boolean },
): Promise<void> {
  authorize(actor, "cluster.manage", accountId);
  await ctx.db.transaction(async (tx) => {
    const user = await tx.user.findUnique({ where: { id: accountId } });
    if (!user) throw new AppError("not-found", "There is no such account.");
    if (user.role === "root") throw new AppError("forbidden", "Root's cluster is the one that is shared.");
    await tx.user.update({ where: { id: accountId }, data: changes });
    await recordAudit(tx, actor, { at: ctx.clock.now(), action, subject: user.username, detail: changes });
  });
  publish("cluster");
}
