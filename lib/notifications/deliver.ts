import { setTimeout as sleep } from "node:timers/promises";
import { ZodError } from "zod";
import type { Context } from "@/lib/context";
import { AppError, errorMessage } from "@/lib/errors";
import { publish } from "@/lib/live/bus";
import { logger } from "@/lib/logger";
import { meter } from "@/lib/metrics/meter";
import { readSettings } from "@/lib/settings/settings";
import type { SendResult } from "./channels/channel";
import { sendMail } from "./channels/smtp";
import { callWebhook } from "./channels/webhook";
import { openMailServer, readSender } from "./mail-server";
import { readNotice } from "./message";
import {
  beginTry,
  bundleDue,
  type Channel,
  dueMessages,
  keepWaiting,
  type OutboxMessage,
  postpone,
  recordResult,
} from "./outbox";
import { renderMail, type Sender } from "./template";
import { webhookBody } from "./webhook-body";

const log = logger("notifications");

/** Messages of one slice; each is a connection of its own. */
const SLICE = 20;
/** Pause after a result that the database did not take: its disk is full, or somebody has it locked. */
const RECORD_AGAIN_MS = 1_000;

type Send = (message: OutboxMessage, signal: AbortSignal) => Promise<SendResult>;

/**
 * Sends what is due on one channel. One recipient's refusal holds up no other; where the channel itself fails, the others of the slice wait with it
 * instead of trying the same in vain. None of them is the first one again and again: should the message itself be what breaks the channel, the others get
 * past it.
 * @returns whether there may be more
 */
export async function deliverNotices(ctx: Context, channel: Channel, signal: AbortSignal): Promise<boolean> {
  const sender = await readSender(ctx);
  const send = channel === "mail" ? await mailSender(ctx, sender) : await webhookSender(ctx, sender);
  if (send === null) {
    if (await keepWaiting(ctx, channel, channel === "mail" ? NO_MAIL : NO_WEBHOOK)) publish("notices");
    return false;
  }
  await bundleDue(ctx, channel, sender.hostname);
  const messages = await dueMessages(ctx, channel);
  let broken: { readonly reply: string; readonly attempts: number } | undefined;
  for (const message of messages.slice(0, SLICE)) {
    if (broken) {
      await postpone(ctx, message, broken);
      continue;
    }
    await beginTry(ctx, message);
    const result = await send(message, signal);
    // What was given up for the server's own end is tried again after it; the try is recorded already.
    if (signal.aborted && result.outcome !== "sent") return false;
    await record(ctx, message, result, signal);
    meter()?.count("zonefleet_notice_attempts_total", { channel, outcome: result.outcome });
    if (result.outcome !== "sent") log.warn("A notice was not sent.", { channel, reply: result.reply });
    if (result.outcome === "later" && result.isAboutChannel)
      broken = { reply: result.reply, attempts: message.attempts + 1 };
  }
  if (messages.length > 0) publish("notices");
  return messages.length > SLICE;
}

/** Notes what was handed over, however long the database takes no writing: a message that is not noted is sent again. What was not handed over is tried again anyway. */
async function record(ctx: Context, message: OutboxMessage, result: SendResult, signal: AbortSignal): Promise<void> {
  for (;;) {
    try {
      return await recordResult(ctx, message, result);
    } catch (error) {
      if (result.outcome !== "sent" || signal.aborted) throw error;
      log.warn("That a notice was sent cannot be recorded yet.", { reason: errorMessage(error) });
    }
    await sleep(RECORD_AGAIN_MS, undefined, { signal });
  }
}

const NO_MAIL = "No mail server is set on the page Settings. It is kept here.";
const NO_WEBHOOK = "The webhook was removed.";

/** null: no mail server is set. */
async function mailSender(ctx: Context, sender: Sender): Promise<Send | null> {
  const { host } = await readSettings(ctx.db.client, "mail");
  if (host === "") return null;
  return readable(async ({ messageId, recipient, notices }, signal) => {
    const opened = await openMailServer(ctx, sender);
    if (!opened) return { outcome: "later", reply: NO_MAIL, isAboutChannel: true };
    const newest = Math.max(...notices.map(({ raisedAt }) => Number(raisedAt)));
    const envelope = { from: opened.from, to: recipient, messageId, date: new Date(newest) };
    return sendMail(opened.server, envelope, renderMail(notices.map(readNotice), sender), signal);
  });
}

/** null: there is no webhook. */
async function webhookSender(ctx: Context, sender: Sender): Promise<Send | null> {
  const { url, sealedSecret } = await readSettings(ctx.db.client, "webhook");
  if (url === "") return null;
  const allowedNetworks = ctx.env.allowedMemberNetworks;
  return readable(async ({ messageId, notices: [notice] }, signal) => {
    if (!notice) return GONE;
    const webhook = { url, secret: ctx.secrets.open(sealedSecret, "webhook"), allowedNetworks };
    const body = webhookBody(notice, { id: messageId, ...sender });
    return callWebhook(webhook, { id: messageId, body, at: ctx.clock.now() }, signal);
  });
}

const GONE: SendResult = { outcome: "refused", reply: "What it told of is gone." };

/** A notice that cannot be read, or a secret that cannot be opened, holds up nobody else. */
function readable(send: Send): Send {
  return async (message, signal) => {
    if (message.notices.length === 0) return GONE;
    try {
      return await send(message, signal);
    } catch (error) {
      if (error instanceof ZodError)
        return { outcome: "refused", reply: "It was written by another version of the panel and cannot be read." };
      if (error instanceof AppError) return { outcome: "later", reply: error.message, isAboutChannel: true };
      throw error;
    }
  };
}
