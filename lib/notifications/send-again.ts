import type { Actor } from "@/lib/access/actor";
import { authorize } from "@/lib/access/authorize";
import { recordAudit } from "@/lib/audit/record";
import type { Context } from "@/lib/context";
import { AppError } from "@/lib/errors";
import { publish } from "@/lib/live/bus";
import { readSettings } from "@/lib/settings/settings";
import { noSuchNotice } from "./queries";

/**
 * Puts a delivery back to where it waits, to be tried at once and as often as a new one; mails go to the user's address of today. What was sent together
 * with it goes with it again, under the same Message-ID.
 * @throws AppError "forbidden", "not-found"; "conflict" when it was sent, or there is nothing to send it with or to
 */
export async function sendAgain(ctx: Context, actor: Actor, input: { id: number }): Promise<void> {
  const { ownerId } = authorize(actor, "notice.read");
  const { client } = ctx.db;
  const delivery = await client.noticeDelivery.findUnique({ where: { id: input.id } });
  if (!delivery || (ownerId !== null && delivery.userId !== ownerId)) throw noSuchNotice();
  if (delivery.state === "sent") throw new AppError("conflict", "It was sent meanwhile. Reload the page.");
  const recipient = await recipientNow(ctx, delivery);
  await ctx.db.transaction(async (tx) => {
    await recordAudit(tx, actor, { at: ctx.clock.now(), action: "notices.send", subject: recipient });
    const { messageId, userId } = delivery;
    await tx.noticeDelivery.updateMany({
      where: { ...(messageId === null ? { id: delivery.id } : { messageId, userId }), state: { not: "sent" } },
      data: { state: "waiting", attempts: 0, nextAt: 0n, recipient },
    });
  });
  publish("notices");
}

async function recipientNow(
  { db }: Context,
  { userId, channel }: { userId: number | null; channel: string },
): Promise<string> {
  if (channel === "webhook" || userId === null) {
    const { url } = await readSettings(db.client, "webhook");
    if (url === "") throw new AppError("conflict", "There is no webhook. Set one on the page Settings first.");
    return new URL(url).host;
  }
  const { host } = await readSettings(db.client, "mail");
  if (host === "") throw new AppError("conflict", "No mail server is set. Root sets one on the page Settings.");
  const user = await db.client.user.findUnique({ where: { id: userId } });
  if (!user?.email)
    throw new AppError(
      "conflict",
      "The recipient has no e-mail address. It is entered on the recipient's page Account.",
    );
  return user.email;
}
