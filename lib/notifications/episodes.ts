import type { Context } from "@/lib/context";
import type { Queryable } from "@/lib/db/database";
import { type EndEvent, type NoticeFacts, noticeFacts, type Topic } from "./events";
import { closeEpisode, type NewNotice, raiseNotice } from "./raise";

/** What a lasting state is about, and how its begin is told. */
export interface Watched<E extends Topic> extends Omit<NewNotice<E>, "episode" | "facts"> {
  /** Names the subject among all of the event, such as "member:12". */
  readonly key: string;
}

/**
 * Tells that a state began, for callers that see states and keep no memory of them: once until it is over. Call it as often as the state is looked at.
 * Two who look at once are told apart by a lock of the caller's, such as a chore's lease or the subject's row.
 */
export async function beginEpisode<E extends Topic>(
  tx: Queryable,
  ctx: Pick<Context, "clock">,
  { key, ...watched }: Watched<E>,
  facts: NoticeFacts<E>,
): Promise<void> {
  if ((await openEpisode(tx, watched.event, key)) !== null) return;
  await raiseNotice(tx, ctx, { ...watched, episode: `${key}:${ctx.clock.now()}`, facts });
}

/** Tells that it is over, if the begin was told. */
export async function endEpisode<E extends EndEvent>(
  tx: Queryable,
  ctx: Pick<Context, "clock">,
  { key, event, ...watched }: Watched<Topic>,
  end: { readonly event: E; readonly facts: NoticeFacts<E> },
): Promise<void> {
  const episode = await openEpisode(tx, event, key);
  if (episode !== null) await raiseNotice(tx, ctx, { ...watched, ...end, episode });
}

/** Ends it untold, if it goes on: it is over in another way than people would be told. */
export async function dropEpisode(
  tx: Queryable,
  ctx: Pick<Context, "clock">,
  { key, event }: Pick<Watched<Topic>, "key" | "event">,
): Promise<void> {
  const episode = await openEpisode(tx, event, key);
  if (episode !== null) await closeEpisode(tx, event, episode, ctx.clock.now());
}

/** The key of the episode of this subject that goes on. */
async function openEpisode(tx: Queryable, event: Topic, key: string): Promise<string | null> {
  const notice = await tx.notice.findFirst({
    where: { event, endedAt: null, episode: { startsWith: `${key}:` } },
    select: { episode: true },
  });
  return notice?.episode ?? null;
}

/** What the begin of the episode of this subject told, if it goes on. @throws ZodError when the begin cannot be read */
export async function begunFacts<E extends Topic>(
  tx: Queryable,
  { event, key }: Pick<Watched<E>, "event" | "key">,
): Promise<NoticeFacts<E> | null> {
  const notice = await tx.notice.findFirst({ where: { event, endedAt: null, episode: { startsWith: `${key}:` } } });
  return notice && noticeFacts(event, JSON.parse(notice.facts));
}

/**
 * Warns of what ends at a known time. `wanted`: all that is near its end now, by episode keys that change with the time it ends. What was warned of before
 * and is no more among them was heeded, or is over.
 */
export async function warnOf<E extends Topic>(
  tx: Queryable,
  ctx: Pick<Context, "clock">,
  event: E,
  wanted: readonly NewNotice<E>[],
): Promise<void> {
  for (const notice of wanted) await raiseNotice(tx, ctx, notice);
  const episodes = new Set(wanted.map(({ episode }) => episode));
  const open = await tx.notice.findMany({ where: { event, endedAt: null }, select: { episode: true } });
  for (const { episode } of open) if (!episodes.has(episode)) await closeEpisode(tx, event, episode, ctx.clock.now());
}

/** Members are deleted: their episodes end untold, and no link leads to another member that gets the number later. */
export async function forgetMembers(tx: Queryable, memberIds: readonly number[], now: number): Promise<void> {
  const where = { memberId: { in: [...memberIds] } };
  await tx.notice.updateMany({ where: { ...where, endedAt: null }, data: { endedAt: BigInt(now) } });
  await tx.notice.updateMany({ where, data: { memberId: null } });
}

/** An account is deleted: its notices go, and with them everybody's deliveries of them. */
export async function forgetAccount(tx: Queryable, userId: number): Promise<void> {
  const notices = await tx.notice.findMany({ where: { ownerId: userId }, select: { id: true } });
  await tx.noticeDelivery.deleteMany({
    where: { OR: [{ userId }, { noticeId: { in: notices.map(({ id }) => id) } }] },
  });
  await tx.notice.deleteMany({ where: { ownerId: userId } });
}
