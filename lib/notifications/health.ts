import type { UserActor } from "@/lib/access/actor";
import { authorize } from "@/lib/access/authorize";
import type { Context } from "@/lib/context";
import { readSettings } from "@/lib/settings/settings";

/** Whether people are reached, for the first page. */
export interface NoticeHealth {
  /** Why no mail reaches the asker; null: nothing stands in its way. */
  readonly obstacle: "no-mail-server" | "no-address" | null;
  /** Deliveries that wait after a failure, or failed within the last day. */
  readonly troubled: number;
  /** What the other side said last of one of them. */
  readonly reply: string | null;
}

const DAY_MS = 24 * 60 * 60_000;

/** @throws AppError "forbidden" for anyone but root. */
export async function noticeHealth(ctx: Context, actor: UserActor): Promise<NoticeHealth> {
  authorize(actor, "settings.manage");
  const { client } = ctx.db;
  // The time of a delivery's last try is not kept; a failed one has its next try within two hours of it.
  const since = BigInt(ctx.clock.now() - DAY_MS);
  const where = {
    OR: [
      { state: "waiting", attempts: { gt: 0 }, reply: { not: null } },
      { state: "failed", nextAt: { gt: since } },
    ],
  };
  const [{ host }, user, troubled, last] = await Promise.all([
    readSettings(client, "mail"),
    client.user.findUniqueOrThrow({ where: { id: actor.userId }, select: { email: true } }),
    client.noticeDelivery.count({ where }),
    client.noticeDelivery.findFirst({ where, orderBy: { nextAt: "desc" } }),
  ]);
  const obstacle = host === "" ? "no-mail-server" : user.email === null ? "no-address" : null;
  return { obstacle, troubled, reply: last?.reply ?? null };
}
