import { z } from "zod";
import type { Queryable } from "@/lib/db/database";
import { readSettings } from "@/lib/settings/settings";
import { TOPIC_NAMES, type Topic } from "./events";

export interface Recipient {
  /** null: the server's webhook. */
  readonly userId: number | null;
  readonly channel: "mail" | "webhook";
  /** An e-mail address or the webhook's host; "": the user has no address. */
  readonly recipient: string;
}

/** A column of muted topics; what it names and this version does not know is dropped. */
export function readMuted(column: string): Topic[] {
  const names = z.array(z.string()).parse(JSON.parse(column));
  return TOPIC_NAMES.filter((topic) => names.includes(topic));
}

/**
 * Who is told of a topic: root of everything, unless root wishes to hear nothing of resellers; a reseller of its own. Whoever is suspended or has muted the
 * topic is left out. The webhook is root's and gets everything.
 * @param ownerId whose affair it is; null: the server's
 */
export async function findRecipients(tx: Queryable, topic: Topic, ownerId: number | null): Promise<Recipient[]> {
  const owner = ownerId === null ? [] : [{ id: ownerId }];
  const users = await tx.user.findMany({
    where: { suspendedAt: null, OR: [{ role: "root" }, ...owner] },
    orderBy: { id: "asc" },
  });
  const isRootsOwn = ownerId === null || users.some(({ id, role }) => id === ownerId && role === "root");
  const mails = users
    .filter(({ id, hearsResellers }) => isRootsOwn || id === ownerId || hearsResellers)
    .filter(({ mutedTopics }) => !readMuted(mutedTopics).includes(topic))
    .map(({ id, email }) => ({ userId: id, channel: "mail" as const, recipient: email ?? "" }));
  const { url } = await readSettings(tx, "webhook");
  return url === "" ? mails : [...mails, { userId: null, channel: "webhook", recipient: new URL(url).host }];
}
