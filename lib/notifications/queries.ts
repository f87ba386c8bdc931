import { ZodError, type z } from "zod";
import type { Actor } from "@/lib/access/actor";
import { authorize } from "@/lib/access/authorize";
import type { Context } from "@/lib/context";
import { empty, join, sql } from "@/lib/db/database";
import { AppError } from "@/lib/errors";
import { containsPattern } from "@/lib/zones/queries-search";
import type { Notice, NoticeDelivery } from "@/prisma/generated/sqlite/client";
import { beginOf, isNoticeEvent } from "./events";
import { readSender } from "./mail-server";
import { type Message, readNotice } from "./message";
import type { noticeListQuery } from "./schemas";
import { renderMail } from "./template";

/** One notice on its way to one recipient. Instants are epoch milliseconds. */
export interface DeliveryView {
  readonly id: number;
  readonly channel: "mail" | "webhook";
  /** "": the user has no e-mail address. */
  readonly recipient: string;
  readonly state: "waiting" | "sent" | "failed" | "kept";
  readonly attempts: number;
  readonly nextAt: number;
  readonly sentAt: number | null;
  /** The other side's last words, or why nothing is sent. */
  readonly reply: string | null;
}

/** A notice as lists show it. */
export interface NoticeRow {
  readonly id: number;
  readonly subject: string;
  readonly tone: Message["tone"];
  readonly raisedAt: number;
  /** The episode that it began goes on. */
  readonly isOpen: boolean;
  readonly withheld: string | null;
  readonly deliveries: readonly DeliveryView[];
}

export interface NoticePage {
  readonly rows: readonly NoticeRow[];
  readonly total: number;
  readonly page: number;
  readonly pageSize: number;
}

/** A notice with what it said. */
export interface NoticeView extends NoticeRow {
  readonly message: Message;
  readonly endedAt: number | null;
  /** As in the mail, where it went out alone. */
  readonly text: string;
  readonly html: string;
}

const PAGE_SIZE = 50;

const UNREADABLE: Message = {
  ...{ subject: "A notice of another version of the panel", tone: "warn", facts: [], link: null },
  paragraphs: ["This version of the panel cannot read it."],
};

/** One page of what was told, newest first: everything for root, of their own affairs for others. @throws AppError "forbidden" */
export async function listNotices(
  ctx: Context,
  actor: Actor,
  { q, state, page }: z.output<typeof noticeListQuery>,
): Promise<NoticePage> {
  const { ownerId } = authorize(actor, "notice.read");
  const { client } = ctx.db;
  const mine = ownerId === null ? sql`1 = 1` : sql`n."ownerId" = ${ownerId}`;
  const delivery = ownerId === null ? empty : sql`AND d."userId" = ${ownerId}`;
  const wanted = q.trim().toLowerCase();
  const pattern = containsPattern(wanted);
  const has = (condition: ReturnType<typeof sql>) =>
    sql`EXISTS (SELECT 1 FROM "NoticeDelivery" d WHERE d."noticeId" = n."id" ${delivery} AND ${condition})`;
  const matches =
    wanted === ""
      ? sql`1 = 1`
      : sql`(lower(n."facts") LIKE ${pattern} ESCAPE '\\' OR n."event" LIKE ${pattern} ESCAPE '\\' OR ${has(sql`lower(d."recipient") LIKE ${pattern} ESCAPE '\\'`)})`;
  const inState =
    state === "all" ? sql`1 = 1` : state === "open" ? sql`n."endedAt" IS NULL` : has(sql`d."state" = ${state}`);
  const where = sql`WHERE ${mine} AND ${matches} AND ${inState}`;
  const [[counted], ids] = await Promise.all([
    client.$queryRaw<{ total: number | bigint }[]>(sql`SELECT count(*) AS "total" FROM "Notice" n ${where}`),
    client.$queryRaw<{ id: number | bigint }[]>(sql`
      SELECT n."id" FROM "Notice" n ${where} ORDER BY n."id" DESC LIMIT ${PAGE_SIZE} OFFSET ${(page - 1) * PAGE_SIZE}`),
  ]);
  const rows = await readRows(
    ctx,
    ids.map(({ id }) => Number(id)),
    ownerId,
  );
  return { rows, total: Number(counted?.total ?? 0), page, pageSize: PAGE_SIZE };
}

async function readRows({ db }: Context, ids: readonly number[], ownerId: number | null): Promise<NoticeRow[]> {
  if (ids.length === 0) return [];
  const notices = await db.client.$queryRaw<Notice[]>(sql`
    SELECT * FROM "Notice" WHERE "id" IN (${join([...ids])}) ORDER BY "id" DESC`);
  const deliveries = await deliveriesOf(db.client, ids, ownerId);
  return notices.map((notice) => toRow(notice, deliveries, messageOf(notice)));
}

/** Those that the asker may see: their own, all of them for root. Another recipient's address is nobody else's. */
function deliveriesOf(
  client: Context["db"]["client"],
  noticeIds: readonly number[],
  ownerId: number | null,
): Promise<NoticeDelivery[]> {
  return client.noticeDelivery.findMany({
    where: { noticeId: { in: [...noticeIds] }, ...(ownerId === null ? {} : { userId: ownerId }) },
    orderBy: { id: "asc" },
  });
}

function messageOf(notice: Notice): Message {
  try {
    return readNotice(notice);
  } catch (error) {
    if (error instanceof ZodError) return UNREADABLE;
    throw error;
  }
}

function toRow(notice: Notice, deliveries: readonly NoticeDelivery[], { subject, tone }: Message): NoticeRow {
  return {
    id: Number(notice.id),
    ...{ subject, tone, raisedAt: Number(notice.raisedAt), withheld: notice.withheld },
    isOpen: notice.endedAt === null && isNoticeEvent(notice.event) && beginOf(notice.event) === undefined,
    deliveries: deliveries.filter(({ noticeId }) => noticeId === Number(notice.id)).map(toDelivery),
  };
}

function toDelivery({ id, channel, recipient, state, attempts, nextAt, sentAt, reply }: NoticeDelivery): DeliveryView {
  return {
    ...{ id, recipient, attempts, reply, nextAt: Number(nextAt), sentAt: sentAt === null ? null : Number(sentAt) },
    channel: channel as DeliveryView["channel"],
    state: state as DeliveryView["state"],
  };
}

/** What a notice said. @throws AppError "forbidden", "not-found" */
export async function getNotice(ctx: Context, actor: Actor, id: number): Promise<NoticeView> {
  const { ownerId } = authorize(actor, "notice.read");
  const notice = await ctx.db.client.notice.findUnique({ where: { id } });
  if (!notice || (ownerId !== null && notice.ownerId !== ownerId)) throw noSuchNotice();
  const message = messageOf(notice);
  const { text, html } = renderMail([message], await readSender(ctx));
  const row = toRow(notice, await deliveriesOf(ctx.db.client, [id], ownerId), message);
  return { ...row, message, text, html, endedAt: notice.endedAt === null ? null : Number(notice.endedAt) };
}

export function noSuchNotice(): AppError {
  return new AppError("not-found", "There is no such notice. Reload the page.");
}
