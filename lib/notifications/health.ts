import type { UserActor } from "@/lib/access/actor";
import { authorize, can } from "@/lib/access/authorize";
import type { Context } from "@/lib/context";
import type { Queryable } from "@/lib/db/database";
import { readSettings } from "@/lib/settings/settings";

/** Whether people are reached, for the first page. */
export interface NoticeHealth {
  /** Why no mail reaches the asker; null: nothing stands in its way. */
  readonly obstacle: "no-mail-server" | "no-address" | null;
  readonly hasAddress: boolean;
  /** Deliveries that wait after a failure, or failed within the last day. They are everybody's, so they are told to root only; 0 for others. */
  readonly troubled: number;
  /** What the other side said last of one of them. */
  readonly reply: string | null;
}

const DAY_MS = 24 * 60 * 60_000;

/** @throws AppError "forbidden" for whoever is told nothing. */
export async function noticeHealth(ctx: Context, actor: UserActor): Promise<NoticeHealth> {
  authorize(actor, "notice.read");
  const { client } = ctx.db;
  const [{ host }, user, trouble] = await Promise.all([
    readSettings(client, "mail"),
    client.user.findUniqueOrThrow({ where: { id: actor.userId }, select: { email: true } }),
    can(actor, "settings.manage") ? readTrouble(client, ctx.clock.now()) : { troubled: 0, reply: null },
  ]);
  const hasAddress = user.email !== null;
  return { obstacle: host === "" ? "no-mail-server" : hasAddress ? null : "no-address", hasAddress, ...trouble };
}

async function readTrouble(db: Queryable, now: number): Promise<Pick<NoticeHealth, "troubled" | "reply">> {
  // The time of a delivery's last try is not kept; a failed one has its next try within two hours of it.
  const since = BigInt(now - DAY_MS);
  const where = {
    OR: [
      { state: "waiting", attempts: { gt: 0 }, reply: { not: null } },
      { state: "failed", nextAt: { gt: since } },
    ],
  };
  const [troubled, last] = await Promise.all([
    db.noticeDelivery.count({ where }),
    db.noticeDelivery.findFirst({ where, orderBy: { nextAt: "desc" } }),
  ]);
  return { troubled, reply: last?.reply ?? null };
}
