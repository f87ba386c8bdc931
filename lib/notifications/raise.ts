import type { Context } from "@/lib/context";
import { type Queryable, sql } from "@/lib/db/database";
import { readSettings } from "@/lib/settings/settings";
import { beginOf, type NoticeEvent, type NoticeFacts, noticeFacts, topicOf } from "./events";
import { findRecipients } from "./recipients";

/** Something that people are to be told. */
export interface NewNotice<E extends NoticeEvent> {
  readonly event: E;
  /** The same for every call about the same happening, and for its begin and its end, such as "member:12:1763650000000". */
  readonly episode: string;
  /** Whose affair it is: the owner of the member or token; null: the server's, for root only. */
  readonly ownerId: number | null;
  readonly memberId?: number;
  readonly zone?: string;
  readonly facts: NoticeFacts<E>;
}

/** New notices wait so long for their neighbours: what happens at once is told at once, in one message. */
export const SETTLE_MS = 5_000;

/**
 * Tells everybody who wants to know. Call it in the transaction that changes what it tells of: the notice and its deliveries are rows, sent by the engine
 * after the commit, at least once. A second call for the same event and episode does nothing; an event that ends an episode does nothing unless that was
 * begun, and closes it.
 * @returns whether the notice is new
 * @throws ZodError when the facts are not those of the event
 */
export async function raiseNotice<E extends NoticeEvent>(
  tx: Queryable,
  ctx: Pick<Context, "clock">,
  notice: NewNotice<E>,
): Promise<boolean> {
  const now = ctx.clock.now();
  const begin = beginOf(notice.event);
  if (begin !== undefined && !(await closeEpisode(tx, begin, notice.episode, now))) return false;
  const id = await insertNotice(tx, notice, { now, isEnd: begin !== undefined });
  if (id === null) return false;
  const withheld = (await whyWithheld(tx, notice.event)) ?? (await addDeliveries(tx, id, notice, now + SETTLE_MS));
  if (withheld !== null) await tx.notice.update({ where: { id }, data: { withheld } });
  return true;
}

/** Ends an episode without telling anybody: its subject is gone, or what it warned of was heeded. @returns whether it was open */
export async function closeEpisode(tx: Queryable, event: NoticeEvent, episode: string, now: number): Promise<boolean> {
  const { count } = await tx.notice.updateMany({
    where: { event, episode, endedAt: null },
    data: { endedAt: BigInt(now) },
  });
  return count > 0;
}

/** @returns null when there is one of this event and episode already */
async function insertNotice<E extends NoticeEvent>(
  tx: Queryable,
  { event, episode, ownerId, memberId, zone, facts }: NewNotice<E>,
  { now, isEnd }: { now: number; isEnd: boolean },
): Promise<number | null> {
  const text = JSON.stringify(noticeFacts(event, facts));
  const [row] = await tx.$queryRaw<{ id: number | bigint }[]>(sql`
    INSERT INTO "Notice" ("event", "episode", "ownerId", "memberId", "zone", "facts", "raisedAt", "endedAt")
    VALUES (${event}, ${episode}, ${ownerId}, ${memberId ?? null}, ${zone ?? null}, ${text}, ${now}, ${isEnd ? now : null})
    ON CONFLICT ("event", "episode") DO NOTHING RETURNING "id"`);
  return row ? Number(row.id) : null;
}

/** Root's choice "Receive a notification when … disables an unresponsive cluster member" is for everybody. */
async function whyWithheld(tx: Queryable, event: NoticeEvent): Promise<string | null> {
  if (topicOf(event) !== "member-disabled") return null;
  const { notifyOnDisable } = await readSettings(tx, "cluster");
  return notifyOnDisable ? null : "Global Cluster Options say that nobody is told of disabled members.";
}

/** @returns why there is nobody to tell; null when there is */
async function addDeliveries(
  tx: Queryable,
  noticeId: number,
  notice: { event: NoticeEvent; ownerId: number | null },
  nextAt: number,
): Promise<string | null> {
  const recipients = await findRecipients(tx, topicOf(notice.event), notice.ownerId);
  await tx.noticeDelivery.createMany({
    data: recipients.map(({ userId, channel, recipient }) => ({
      ...{ noticeId, userId, channel, recipient, nextAt: BigInt(nextAt) },
      ...(recipient === ""
        ? { state: "kept", reply: "There is no e-mail address to send it to." }
        : { state: "waiting" }),
    })),
  });
  return recipients.length === 0 ? "Nobody wants to be told of this." : null;
}
