import type { UserActor } from "@/lib/access/actor";
import { type Action, can } from "@/lib/access/authorize";
import type { Context } from "@/lib/context";
import type { LiveTopic } from "@/lib/live/bus";
import { ACCOUNT_STATES, isStateTopic } from "./account-states";

/** Most topics that one page may ask for. */
const MOST = 50;

/** What one has to be allowed to do to hear of a topic; null: whoever is signed in. */
const NEEDS: Readonly<Record<Exclude<LiveTopic, `zone:${string}`>, Action | null>> = {
  nameserver: null,
  notices: null,
  zones: "zone.read",
  "many-zones": "zone.read",
  members: "zone.read",
  cluster: "cluster.manage",
  sync: "sync.manage",
  tokens: "token.manage",
  audit: "audit.read",
};

/**
 * The topics of a comma-separated list that `actor` may hear of. Zones are looked up: what is not there or not the actor's is left out silently,
 * as outsiders cannot tell the two apart.
 */
export async function allowedTopics(ctx: Pick<Context, "db">, actor: UserActor, list: string): Promise<Set<LiveTopic>> {
  const asked = new Set(list.split(",").slice(0, MOST));
  const zones = [...asked].filter(isZoneTopic);
  const readable = zones.length > 0 && can(actor, "zone.read") ? await readableZones(ctx, actor, zones) : new Set();
  return new Set(
    [...asked].filter((topic): topic is LiveTopic => (isKnown(topic) ? mayHear(actor, topic) : readable.has(topic))),
  );
}

function isKnown(topic: string): topic is keyof typeof NEEDS {
  return Object.hasOwn(NEEDS, topic);
}

function mayHear(actor: UserActor, topic: keyof typeof NEEDS): boolean {
  const needs = NEEDS[topic];
  return needs === null || can(actor, needs);
}

export function isZoneTopic(topic: string): topic is `zone:${string}` {
  return topic.startsWith("zone:");
}

/** Whether a topic is a hint about zones for whoever has some: resellers hear "zones" by it. */
export function isAboutZones(topic: LiveTopic): boolean {
  return topic === "many-zones" || isZoneTopic(topic);
}

/** Which topics to tell of those that were published. */
export type TopicFilter = (published: ReadonlySet<LiveTopic>) => Promise<readonly LiveTopic[]>;

/**
 * Root hears what was published. A reseller must not learn when others' zones change: "zones" reaches them only when a zone of their own was
 * published, or when the newest change among their own zones, or how their own zones are served, is another one than before. The other topics reach them when something of their own changed
 * (see ACCOUNT_STATES).
 * @param isWanted whether anybody wants to hear of a topic now; the others are not looked at
 */
export function createTopicFilter(
  ctx: Pick<Context, "db">,
  actor: UserActor,
  isWanted: (topic: LiveTopic) => boolean,
): TopicFilter {
  if (actor.role === "root") return async (published) => [...published].filter(isWanted);
  const states = new Map<LiveTopic, string>();
  return async (published) => {
    const told = new Set<LiveTopic>();
    const zones = [...published].filter(isZoneTopic);
    for (const topic of zones.length > 0 ? await readableZones(ctx, actor, zones) : []) told.add(topic).add("zones");
    for (const topic of published) {
      if (topic === "nameserver") told.add(topic);
      const isOfUse = isWanted(topic) || (topic === "many-zones" && isWanted("zones"));
      if (!isStateTopic(topic) || !isOfUse) continue;
      const state = await ACCOUNT_STATES[topic](ctx, actor.userId);
      if (states.get(topic) === state) continue;
      states.set(topic, state);
      told.add(topic);
      if (topic === "many-zones") told.add("zones");
    }
    return [...told].filter(isWanted);
  };
}

/** Those of zones that are there and that the actor may read. */
async function readableZones(
  { db }: Pick<Context, "db">,
  actor: UserActor,
  topics: readonly `zone:${string}`[],
): Promise<Set<`zone:${string}`>> {
  const names = topics.map((topic) => topic.slice("zone:".length));
  const rows = await db.client.zone.findMany({
    where: { name: { in: names }, ...(actor.role === "root" ? {} : { ownerId: actor.userId }) },
    select: { name: true },
  });
  return new Set(rows.map(({ name }) => `zone:${name}` as const));
}
