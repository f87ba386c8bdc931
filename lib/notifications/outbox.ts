/**
 * The outbox in the database: what is to be sent, as messages, and what became of them.
 *
 *     waiting ──given a Message-ID──► waiting ──taken by the other side──► sent
 *        │                             ▲   │
 *        │                             └───┤ a pause, after each failure
 *        └─ nothing to send it with ─► kept└─ refused, or too often in vain ──► failed       (kept, failed ──by hand──► waiting)
 *
 * A try is recorded before it is made. A server that is killed between handing a message over and recording that hands it over again, with the same Message-ID.
 */
import { randomUUID } from "node:crypto";
import type { Context } from "@/lib/context";
import type { Queryable } from "@/lib/db/database";
import { SANE_WAIT_MS } from "@/lib/sync/policy";
import type { Notice, NoticeDelivery, Prisma } from "@/prisma/generated/sqlite/client";
import type { SendResult } from "./channels/channel";
import { MINUTE_MS, MOST_ATTEMPTS, planMessages, retryPause, STUCK_AFTER } from "./plan-messages";

export type Channel = "mail" | "webhook";

/** One message: the deliveries that share its id, and what they tell, oldest first. */
export interface OutboxMessage {
  readonly messageId: string;
  readonly recipient: string;
  readonly attempts: number;
  readonly notices: readonly Notice[];
}

/** Deliveries made into messages, and messages taken, in one go. */
const SLICE = 500;

/** What waits and may go now; a wait that no pause could have given is over (the clock was set back). */
function due(channel: Channel, now: number) {
  return {
    ...{ channel, state: "waiting" },
    OR: [{ nextAt: { lte: BigInt(now) } }, { nextAt: { gt: BigInt(now + SANE_WAIT_MS) } }],
  };
}

/** Keeps what waits for a channel that is not set up: it can be read here, and sent by hand later. @returns whether there was any */
export async function keepWaiting(ctx: Context, channel: Channel, reply: string): Promise<boolean> {
  const where = { channel, state: "waiting" };
  if ((await ctx.db.client.noticeDelivery.count({ where })) === 0) return false;
  const data = { state: "kept", reply };
  await ctx.db.statement((db) => db.noticeDelivery.updateMany({ where, data }), "notice.keep");
  return true;
}

/**
 * Gives what is due its Message-ID. From then on the parts of a message stay together.
 * @param hostname the right side of the ids
 */
export async function bundleDue(ctx: Context, channel: Channel, hostname: string): Promise<void> {
  const now = ctx.clock.now();
  const where = { ...due(channel, now), messageId: null };
  if ((await ctx.db.client.noticeDelivery.count({ where })) === 0) return;
  await ctx.db.transaction(async (tx) => {
    const fresh = await tx.noticeDelivery.findMany({ where, orderBy: { id: "asc" }, take: SLICE });
    // By user, not by address alone: two accounts may have one mailbox, and neither may send the other's again.
    const keyOf = ({ userId, recipient }: NoticeDelivery) => `${userId} ${recipient}`;
    for (const key of new Set(fresh.map(keyOf))) {
      const rows = fresh.filter((row) => keyOf(row) === key);
      const ids = rows.map(({ id }) => id);
      const messages =
        channel === "mail" ? await planFor(tx, rows[0]?.userId ?? null, ids, now) : ids.map((id) => [id]);
      for (const message of messages)
        await tx.noticeDelivery.updateMany({
          where: { id: { in: message } },
          data: { messageId: `<${randomUUID()}@${hostname}>` },
        });
      if (messages.length === 0)
        await tx.noticeDelivery.updateMany({
          where: { id: { in: ids } },
          data: { nextAt: BigInt(now + MINUTE_MS / 4) },
        });
    }
  }, "notice.bundle");
}

/** Plans mails to this user beside those that are on their way or were sent within the last minute. */
async function planFor(
  tx: Queryable,
  userId: number | null,
  waiting: readonly number[],
  now: number,
): Promise<number[][]> {
  const isMail = { channel: "mail", userId, messageId: { not: null } };
  const count = async (where: Prisma.NoticeDeliveryWhereInput) =>
    (await tx.noticeDelivery.groupBy({ by: ["messageId"], where: { ...isMail, ...where } })).length;
  const sent = { state: "sent", sentAt: { gt: BigInt(now - MINUTE_MS), lte: BigInt(now) } };
  const recent = await count({ OR: [{ state: "waiting", attempts: { lt: STUCK_AFTER } }, sent] });
  const stuck = await count({ state: "waiting", attempts: { gte: STUCK_AFTER } });
  return planMessages(waiting, recent, stuck);
}

/** Messages that are due: those that were tried least first, and of them the one that waits longest. */
export async function dueMessages(ctx: Context, channel: Channel): Promise<OutboxMessage[]> {
  const { client } = ctx.db;
  const rows = await client.noticeDelivery.findMany({
    where: { ...due(channel, ctx.clock.now()), messageId: { not: null } },
    orderBy: [{ attempts: "asc" }, { nextAt: "asc" }, { id: "asc" }],
    take: SLICE,
  });
  const ids = [...new Set(rows.flatMap(({ messageId }) => messageId ?? []))];
  const parts = await client.noticeDelivery.findMany({
    where: { messageId: { in: ids }, state: "waiting" },
    orderBy: { noticeId: "asc" },
  });
  const notices = await client.notice.findMany({ where: { id: { in: parts.map(({ noticeId }) => noticeId) } } });
  const noticeOf = new Map(notices.map((notice) => [notice.id, notice]));
  return ids.flatMap((messageId) => {
    const own = parts.filter((part) => part.messageId === messageId);
    return toMessage(messageId, own, noticeOf);
  });
}

function toMessage(
  messageId: string,
  parts: readonly NoticeDelivery[],
  noticeOf: ReadonlyMap<number, Notice>,
): OutboxMessage[] {
  const [first] = parts;
  if (!first) return [];
  const notices = parts.flatMap(({ noticeId }) => noticeOf.get(noticeId) ?? []);
  return [{ messageId, recipient: first.recipient, attempts: first.attempts, notices }];
}

/** Notes a try before it is made; should it never end, the next one comes after the pause. */
export async function beginTry(ctx: Context, { messageId, attempts }: OutboxMessage): Promise<void> {
  await ctx.db.transaction(
    (tx) =>
      tx.noticeDelivery.updateMany({
        where: { messageId, state: "waiting" },
        data: { attempts: attempts + 1, nextAt: BigInt(ctx.clock.now() + retryPause(attempts + 1)) },
      }),
    "notice.try",
  );
}

/** Puts off what was not tried, as the channel failed for another message: it waits as long as that one, and it does not count. */
export async function postpone(
  ctx: Context,
  { messageId }: OutboxMessage,
  { reply, attempts }: { readonly reply: string; readonly attempts: number },
): Promise<void> {
  await ctx.db.transaction(
    (tx) =>
      tx.noticeDelivery.updateMany({
        where: { messageId, state: "waiting" },
        data: { reply, nextAt: BigInt(ctx.clock.now() + retryPause(attempts)) },
      }),
    "notice.postpone",
  );
}

/** Notes what became of it. */
export async function recordResult(ctx: Context, message: OutboxMessage, result: SendResult): Promise<void> {
  const isLast = message.attempts + 1 >= MOST_ATTEMPTS;
  const state = result.outcome === "sent" ? "sent" : result.outcome === "refused" || isLast ? "failed" : "waiting";
  const sentAt = state === "sent" ? BigInt(ctx.clock.now()) : null;
  await ctx.db.transaction(
    (tx) =>
      tx.noticeDelivery.updateMany({
        where: { messageId: message.messageId, state: "waiting" },
        data: { state, reply: result.reply, sentAt },
      }),
    "notice.result",
  );
}
