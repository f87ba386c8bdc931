import type { Actor } from "@/lib/access/actor";
import { authorize } from "@/lib/access/authorize";
import { recordAudit } from "@/lib/audit/record";
import type { Context } from "@/lib/context";
import { publish } from "@/lib/live/bus";
import { readSettings, type Settings, writeSettings } from "@/lib/settings/settings";

export type ClusterSettings = Settings<"cluster">;

/** @throws AppError "forbidden" for anyone but root. */
export async function getCluster(ctx: Context, actor: Actor): Promise<ClusterSettings> {
  authorize(actor, "cluster.settings");
  return readSettings(ctx.db.client, "cluster");
}

/**
 * Modify Cluster Status. Members, their roles and what they acknowledged stay; while clustering is disabled the engine sends them nothing
 * and takes nothing from them, and picks up where it left off when it is enabled again.
 */
export async function setClusterEnabled(ctx: Context, actor: Actor, isEnabled: boolean): Promise<ClusterSettings> {
  return change(ctx, actor, isEnabled ? "cluster.enable" : "cluster.disable", { isEnabled });
}

/**
 * Global Cluster Options. `failureThreshold` 0: keep all cluster members online at all times. A changed threshold counts from each member's next failure on: by
 * itself it disables nobody, and enables nobody.
 */
export async function setClusterOptions(
  ctx: Context,
  actor: Actor,
  options: Pick<ClusterSettings, "failureThreshold" | "notifyOnDisable" | "autoEnable">,
): Promise<ClusterSettings> {
  return change(ctx, actor, "cluster.options", options);
}

async function change(
  ctx: Context,
  actor: Actor,
  action: `cluster.${string}`,
  changes: Partial<ClusterSettings>,
): Promise<ClusterSettings> {
  authorize(actor, "cluster.settings");
  const settings = await ctx.db.transaction(async (tx) => {
    await recordAudit(tx, actor, { at: ctx.clock.now(), action, subject: "cluster", detail: changes });
    return writeSettings(tx, "cluster", changes);
  });
  publish("cluster");
  ctx.wake();
  return settings;
}
