import type { Notice } from "@/prisma/generated/sqlite/client";
import { beginOf, isNoticeEvent } from "./events";
import { readNotice } from "./message";
import type { Sender } from "./template";

/** What the webhook is given of a notice: JSON, described in docs/webhook.md. @throws ZodError when the notice cannot be read */
export function webhookBody(notice: Notice, { id, hostname, panelUrl }: Sender & { readonly id: string }): string {
  const message = readNotice(notice);
  return JSON.stringify({
    id,
    event: notice.event,
    /** The event that this one ends. */
    ends: (isNoticeEvent(notice.event) && beginOf(notice.event)) || null,
    episode: notice.episode,
    at: new Date(Number(notice.raisedAt)).toISOString(),
    server: hostname,
    title: message.subject,
    text: message.paragraphs.join(" "),
    facts: JSON.parse(notice.facts) as unknown,
    url: message.link === null ? null : panelUrl + message.link.path,
  });
}
