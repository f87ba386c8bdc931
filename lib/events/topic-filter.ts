import type { UserActor } from "@/lib/access/actor";
import { can } from "@/lib/access/authorize";
import type { Context } from "@/lib/context";
import { sql } from "@/lib/db/database";
import type { LiveTopic } from "@/lib/live/bus";
import { WORKING } from "@/lib/members/held";

/** Most topics that one page may ask for. */
const MOST = 50;

/**
 * The topics of a comma-separated list that `actor` may hear of. Zones are looked up: what is not there or not the actor's is left out silently,
 * as outsiders cannot tell the two apart.
 */
export async function allowedTopics(ctx: Pick<Context, "db">, actor: UserActor, list: string): Promise<Set<LiveTopic>> {
  const allowed = new Set<LiveTopic>();
  for (const topic of list.split(",").slice(0, MOST)) {
    if (topic === "nameserver" || topic === "notices") allowed.add(topic);
    else if (topic === "zones" && can(actor, "zone.read")) allowed.add(topic);
    else if (topic === "members" && can(actor, "zone.read")) allowed.add(topic);
    else if (topic === "cluster" && can(actor, "cluster.manage")) allowed.add(topic);
    else if (topic === "sync" && can(actor, "sync.manage")) allowed.add(topic);
    else if (isZoneTopic(topic) && (await mayReadZone(ctx, actor, topic))) allowed.add(topic);
  }
  return allowed;
}

/** Which of `allowed` to tell when `topic` was published. */
export type TopicFilter = (topic: LiveTopic) => Promise<readonly LiveTopic[]>;

/**
 * Root hears what was published. A reseller must not learn when others' zones change: "zones" reaches them only when a zone of their own was
 * published, or when the newest change among their own zones is another one than before. "cluster" reaches them when something about members of their own
 * changed, "members" when one of their own was disabled, enabled, paused or resumed, "sync" when something about their own synchronizations did, and "notices" when
 * something about their own mails did.
 */
export function topicFilter(ctx: Pick<Context, "db">, actor: UserActor, allowed: ReadonlySet<LiveTopic>): TopicFilter {
  if (actor.role === "root") return async (topic) => (allowed.has(topic) ? [topic] : []);
  let newest: bigint | null | undefined;
  let members: string | undefined;
  let jobs: string | undefined;
  let held: string | undefined;
  let notices: string | undefined;
  return async (topic) => {
    if (topic === "nameserver") return allowed.has(topic) ? [topic] : [];
    if (isZoneTopic(topic)) {
      if (!(await mayReadZone(ctx, actor, topic))) return [];
      return ([topic, "zones"] as const).filter((wanted) => allowed.has(wanted));
    }
    if (topic === "cluster" && allowed.has(topic)) {
      const before = members;
      members = await memberStates(ctx, actor.userId);
      return members === before ? [] : [topic];
    }
    if (topic === "sync" && allowed.has(topic)) {
      const before = jobs;
      jobs = await jobStates(ctx, actor.userId);
      return jobs === before ? [] : [topic];
    }
    if (topic === "members" && allowed.has(topic)) {
      const before = held;
      held = await heldStates(ctx, actor.userId);
      return held === before ? [] : [topic];
    }
    if (topic === "notices" && allowed.has(topic)) {
      const before = notices;
      notices = await noticeStates(ctx, actor.userId);
      return notices === before ? [] : [topic];
    }
    if (topic !== "zones" || !allowed.has(topic)) return [];
    const before = newest;
    const { _max } = await ctx.db.client.zone.aggregate({
      where: { ownerId: actor.userId },
      _max: { changeSeq: true },
    });
    newest = _max.changeSeq;
    return newest === before ? [] : [topic];
  };
}

/** All that the pages show of an account's members, to compare. */
async function memberStates({ db }: Pick<Context, "db">, ownerId: number): Promise<string> {
  const [members, user] = await Promise.all([
    db.client.member.findMany({ where: { ownerId }, orderBy: { id: "asc" }, omit: { sealedCredential: true } }),
    db.client.user.findUnique({ where: { id: ownerId }, select: { uniqueCluster: true } }),
  ]);
  return JSON.stringify([members, user], (_, value) => (typeof value === "bigint" ? Number(value) : value));
}

/** How far an account's synchronizations are, to compare. */
async function jobStates({ db }: Pick<Context, "db">, accountId: number): Promise<string> {
  const rows = await db.client.$queryRaw<Record<string, unknown>[]>(sql`
    SELECT j."id", j."state", i."state" AS "step", count(i."id") AS "count"
    FROM "SyncJob" j LEFT JOIN "SyncItem" i ON i."jobId" = j."id" WHERE j."accountId" = ${accountId}
    GROUP BY j."id", j."state", i."state" ORDER BY j."id", i."state"`);
  return JSON.stringify(rows, (_, value) => (typeof value === "bigint" ? Number(value) : value));
}

/** Which of an account's members are held, to compare. */
async function heldStates({ db }: Pick<Context, "db">, ownerId: number): Promise<string> {
  const held = await db.client.member.findMany({
    where: { ownerId, NOT: WORKING },
    select: { id: true, disabledAt: true, pausedUntil: true },
    orderBy: { id: "asc" },
  });
  return held.map(({ id, disabledAt, pausedUntil }) => `${id} ${disabledAt} ${pausedUntil}`).join();
}

/** How far an account's notices and mails have come, to compare. */
async function noticeStates({ db }: Pick<Context, "db">, userId: number): Promise<string> {
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
  return JSON.stringify([newest, mails], (_, value) => (typeof value === "bigint" ? Number(value) : value));
}

function isZoneTopic(topic: string): topic is `zone:${string}` {
  return topic.startsWith("zone:");
}

async function mayReadZone({ db }: Pick<Context, "db">, actor: UserActor, topic: `zone:${string}`): Promise<boolean> {
  if (!can(actor, "zone.read")) return false;
  const zone = await db.client.zone.findUnique({
    where: { name: topic.slice("zone:".length) },
    select: { ownerId: true },
  });
  return zone !== null && (actor.role === "root" || zone.ownerId === actor.userId);
}
