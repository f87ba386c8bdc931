import type { z } from "zod";
import type { Actor } from "@/lib/access/actor";
import { authorize } from "@/lib/access/authorize";
import { recordAudit } from "@/lib/audit/record";
import type { Context } from "@/lib/context";
import { AppError } from "@/lib/errors";
import type { resellerEdit } from "./schemas";

/**
 * Assigns a reseller's privileges (WHM's ACLs) and limits. Both count from the next request on: sessions and tokens ask the account every time. A limit below
 * what the account has takes nothing away; it lets nothing be added.
 * @throws AppError "forbidden" (also for root itself, who may everything), "not-found"
 */
export async function editReseller(ctx: Context, actor: Actor, input: z.output<typeof resellerEdit>): Promise<void> {
  authorize(actor, "user.manage");
  const { userId, privileges, zoneLimit, memberLimit } = input;
  await ctx.db.transaction(async (tx) => {
    const user = await tx.user.findUnique({ where: { id: userId } });
    if (!user) throw new AppError("not-found", "There is no such user. Reload the page.");
    if (user.role === "root") throw new AppError("forbidden", "This cannot be done to root.");
    await tx.user.update({
      where: { id: userId },
      data: { acls: JSON.stringify(privileges), zoneLimit, memberLimit },
    });
    await recordAudit(tx, actor, {
      at: ctx.clock.now(),
      action: "user.update",
      subject: user.username,
      detail: { privileges, zoneLimit, memberLimit },
    });
  });
}
