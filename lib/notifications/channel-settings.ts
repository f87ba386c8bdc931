import { randomUUID } from "node:crypto";
import type { z } from "zod";
import type { Actor } from "@/lib/access/actor";
import { authorize } from "@/lib/access/authorize";
import { recordAudit } from "@/lib/audit/record";
import type { Context } from "@/lib/context";
import { AppError } from "@/lib/errors";
import { randomAlphanumeric } from "@/lib/ids";
import { publish } from "@/lib/live/bus";
import { readSettings, writeSettings } from "@/lib/settings/settings";
import { sendMail } from "./channels/smtp";
import { openMailServer, readSender } from "./mail-server";
import type { mailInput, testMailInput, webhookInput } from "./schemas";
import { renderMail } from "./template";

/** What the settings page shows of the ways out; never a secret. */
export interface ChannelSettings {
  readonly mail: {
    readonly host: string;
    readonly port: number;
    readonly security: "starttls" | "tls" | "none";
    readonly username: string;
    readonly hasPassword: boolean;
    readonly from: string;
    readonly authority: string;
  };
  readonly webhook: { readonly url: string };
}

/** @throws AppError "forbidden" for anyone but root. */
export async function getChannels(ctx: Context, actor: Actor): Promise<ChannelSettings> {
  authorize(actor, "settings.manage");
  const { sealedPassword, ...mail } = await readSettings(ctx.db.client, "mail");
  const { url } = await readSettings(ctx.db.client, "webhook");
  return { mail: { ...mail, hasPassword: sealedPassword !== "" }, webhook: { url } };
}

/**
 * Sets the mail server; mails that wait go to it at once. A stored password is for the server it was entered for, and is never sent to another one.
 * @throws AppError "forbidden"; "invalid-input" (`fields.password`)
 */
export async function setMailServer(ctx: Context, actor: Actor, input: z.output<typeof mailInput>): Promise<void> {
  authorize(actor, "settings.manage");
  const { password, ...mail } = input;
  const { host, port, security, username, from } = mail;
  await ctx.db.transaction(async (tx) => {
    await recordAudit(tx, actor, {
      at: ctx.clock.now(),
      action: "settings.mail",
      subject: host || "none",
      detail: { host, port, security, username, from, isNewPassword: password !== "" },
    });
    const before = await readSettings(tx, "mail");
    const keeps = username !== "" && password === "" && before.sealedPassword !== "";
    if (keeps && (before.host !== host || before.username !== username)) throw wantsPassword();
    const sealedPassword =
      username === "" ? "" : password === "" ? before.sealedPassword : ctx.secrets.seal(password, "mail");
    await writeSettings(tx, "mail", { ...mail, sealedPassword });
    await tx.noticeDelivery.updateMany({ where: { channel: "mail", state: "waiting" }, data: { nextAt: 0n } });
  });
  publish("notices");
}

function wantsPassword(): AppError {
  const message = "The stored password belongs to the server and user that were set before. Enter the one for these.";
  return new AppError("invalid-input", message, { fields: { password: message } });
}

/** 256 bits in the form that people copy. */
const SECRET_LENGTH = 43;

/**
 * Sets where notices are posted to. The signing secret is made here and given out once.
 * @returns the new secret; null when the one before stays, or there is no webhook any more
 * @throws AppError "forbidden"
 */
export async function setWebhook(
  ctx: Context,
  actor: Actor,
  { url, isNewSecret }: z.output<typeof webhookInput>,
): Promise<string | null> {
  authorize(actor, "settings.manage");
  const secret = randomAlphanumeric(SECRET_LENGTH);
  const isMade = await ctx.db.transaction(async (tx) => {
    const subject = url === "" ? "none" : new URL(url).host;
    await recordAudit(tx, actor, { at: ctx.clock.now(), action: "settings.webhook", subject });
    const before = await readSettings(tx, "webhook");
    const makes = url !== "" && (isNewSecret || before.sealedSecret === "");
    const sealedSecret = url === "" ? "" : makes ? ctx.secrets.seal(secret, "webhook") : before.sealedSecret;
    await writeSettings(tx, "webhook", { url, sealedSecret });
    await tx.noticeDelivery.updateMany({ where: { channel: "webhook", state: "waiting" }, data: { nextAt: 0n } });
    return makes;
  });
  publish("notices");
  return isMade ? secret : null;
}

/**
 * Sends a mail with the settings that are saved, now and once.
 * @returns whether the server took it, and its words
 * @throws AppError "forbidden"; "conflict" when no mail server is set
 */
export async function sendTestMail(
  ctx: Context,
  actor: Actor,
  { to }: z.output<typeof testMailInput>,
): Promise<{ isTaken: boolean; reply: string }> {
  authorize(actor, "settings.manage");
  const sender = await readSender(ctx);
  const opened = await openMailServer(ctx, sender);
  if (!opened) throw new AppError("conflict", "No mail server is set. Save one first.");
  const now = ctx.clock.now();
  await ctx.db.transaction((tx) => recordAudit(tx, actor, { at: now, action: "mail.test", subject: to }));
  const message = {
    subject: "Test mail",
    tone: "ok" as const,
    paragraphs: ["Somebody asked for this mail on the panel's page Settings. If you can read it, notices reach you."],
    facts: [],
    link: { label: "Open Notifications", path: "/notifications" },
  };
  const envelope = { from: opened.from, to, messageId: `<${randomUUID()}@${sender.hostname}>`, date: new Date(now) };
  const result = await sendMail(opened.server, envelope, renderMail([message], sender), new AbortController().signal);
  return { isTaken: result.outcome === "sent", reply: result.reply };
}
