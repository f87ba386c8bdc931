import type { Context } from "@/lib/context";
import { sql } from "@/lib/db/database";
import type { LiveTopic } from "@/lib/live/bus";
import { WORKING } from "@/lib/members/held";

type Db = Pick<Context, "db">;

/** What pages show of an account's own things, to compare: a hint reaches the account when it is another one than before. */
export const ACCOUNT_STATES = {
  zones: newestChange,
  "many-zones": servedStates,
  cluster: memberStates,
  members: heldStates,
  sync: jobStates,
  notices: noticeStates,
  tokens: tokenStates,
} as const satisfies Partial<Record<LiveTopic, (ctx: Db, accountId: number) => Promise<string>>>;

export function isStateTopic(topic: LiveTopic): topic is keyof typeof ACCOUNT_STATES {
  return Object.hasOwn(ACCOUNT_STATES, topic);
}

function text(value: unknown): string {
  return JSON.stringify(value, (_, part) => (typeof part === "bigint" ? Number(part) : part));
}

async function newestChange({ db }: Db, ownerId: number): Promise<string> {
  const { _max } = await db.client.zone.aggregate({ where: { ownerId }, _max: { changeSeq: true } });
  return String(_max.changeSeq);
}

/** How an account's zones are served, and their newest change. */
async function servedStates({ db }: Db, ownerId: number): Promise<string> {
  const rows = await db.client.$queryRaw<Record<string, unknown>[]>(sql`
    SELECT count(DISTINCT z."id") AS "zones", max(z."changeSeq") AS "change", max(t."ackAt") AS "ack", max(t."observedAt") AS "look", sum(t."attempts") AS "failures",
      count(t."problem") AS "problems", count(t."verifySeq") AS "owed"
    FROM "Zone" z LEFT JOIN "ZoneTarget" t ON t."zoneId" = z."id" WHERE z."ownerId" = ${ownerId}`);
  return text(rows);
}

async function memberStates({ db }: Db, ownerId: number): Promise<string> {
  const [members, user] = await Promise.all([
    db.client.member.findMany({ where: { ownerId }, orderBy: { id: "asc" }, omit: { sealedCredential: true } }),
    db.client.user.findUnique({ where: { id: ownerId }, select: { uniqueCluster: true } }),
  ]);
  return text([members, user]);
}

/** How far an account's synchronizations are. */
async function jobStates({ db }: Db, accountId: number): Promise<string> {
  const rows = await db.client.$queryRaw<Record<string, unknown>[]>(sql`
    SELECT j."id", j."state", i."state" AS "step", count(i."id") AS "count"
    FROM "SyncJob" j LEFT JOIN "SyncItem" i ON i."jobId" = j."id" WHERE j."accountId" = ${accountId}
    GROUP BY j."id", j."state", i."state" ORDER BY j."id", i."state"`);
  return text(rows);
}

/** Which of an account's members are held. */
async function heldStates({ db }: Db, ownerId: number): Promise<string> {
  const held = await db.client.member.findMany({
    where: { ownerId, NOT: WORKING },
    select: { id: true, disabledAt: true, pausedUntil: true },
    orderBy: { id: "asc" },
  });
  return text(held);
}

/** How far an account's notices and mails have come. */
async function noticeStates({ db }: Db, userId: number): Promise<string> {
  const [newest, mails] = await Promise.all([
    db.client.notice.aggregate({ where: { ownerId: userId }, _max: { id: true, endedAt: true } }),
    db.client.noticeDelivery.groupBy({
      by: ["state"],
      where: { userId },
      orderBy: { state: "asc" },
      _count: true,
      _sum: { attempts: true },
    }),
  ]);
  return text([newest, mails]);
}

async function tokenStates({ db }: Db, userId: number): Promise<string> {
  const tokens = await db.client.apiToken.findMany({
    where: { userId },
    orderBy: { id: "asc" },
    omit: { hash: true },
  });
  return text(tokens);
}
