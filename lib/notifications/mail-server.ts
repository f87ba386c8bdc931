import type { Context } from "@/lib/context";
import { panelUrl } from "@/lib/settings/panel-url";
import { readSettings } from "@/lib/settings/settings";
import type { MailServer } from "./channels/smtp";
import type { Sender } from "./template";

/** Who sends, as recipients see it. */
export async function readSender({ db, env }: Pick<Context, "db" | "env">): Promise<Sender> {
  const { hostname } = await readSettings(db.client, "server");
  return { hostname, panelUrl: panelUrl(env, hostname) };
}

/**
 * The mail server of the settings, its password opened, and the address that mails come from; null when none is set.
 * @throws AppError "unavailable" when the password was sealed with another key
 */
export async function openMailServer(
  ctx: Pick<Context, "db" | "secrets">,
  { hostname }: Sender,
): Promise<{ readonly server: MailServer; readonly from: string } | null> {
  const { sealedPassword, from, ...settings } = await readSettings(ctx.db.client, "mail");
  if (settings.host === "") return null;
  const password = sealedPassword === "" ? "" : ctx.secrets.open(sealedPassword, "mail");
  return { server: { ...settings, password, hostname }, from: from || `zonefleet@${hostname}` };
}
