import type { z } from "zod";
import type { UserActor } from "@/lib/access/actor";
import { recordAudit } from "@/lib/audit/record";
import type { Context } from "@/lib/context";
import { TOPIC_NAMES, TOPICS, type Topic } from "./events";
import { readMuted } from "./recipients";
import type { subscriptionInput } from "./schemas";

/** What one account is told of, and where. */
export interface Subscription {
  /** "": nowhere; its notices can be read in the panel only. */
  readonly email: string;
  /** Those that concern the account at all. */
  readonly topics: readonly { readonly topic: Topic; readonly label: string; readonly isWanted: boolean }[];
  /** null: not asked, for resellers. */
  readonly hearsResellers: boolean | null;
}

/** The actor's own. */
export async function getSubscription(ctx: Context, actor: UserActor): Promise<Subscription> {
  const user = await ctx.db.client.user.findUniqueOrThrow({ where: { id: actor.userId } });
  const muted = readMuted(user.mutedTopics);
  return {
    email: user.email ?? "",
    topics: topicsFor(actor).map((topic) => ({ topic, label: TOPICS[topic].label, isWanted: !muted.includes(topic) })),
    hearsResellers: actor.role === "root" ? user.hearsResellers : null,
  };
}

function topicsFor({ role }: UserActor): Topic[] {
  return TOPIC_NAMES.filter((topic) => role === "root" || !TOPICS[topic].isServer);
}

/** Changes the actor's own. */
export async function setSubscription(
  ctx: Context,
  actor: UserActor,
  { email, topics, hearsResellers }: z.output<typeof subscriptionInput>,
): Promise<void> {
  const muted = topicsFor(actor).filter((topic) => !topics.includes(topic));
  await ctx.db.transaction(async (tx) => {
    await recordAudit(tx, actor, {
      at: ctx.clock.now(),
      action: "notices.subscribe",
      subject: actor.username,
      detail: { email, muted, ...(actor.role === "root" ? { hearsResellers } : {}) },
    });
    await tx.user.update({
      where: { id: actor.userId },
      data: { email: email || null, mutedTopics: JSON.stringify(muted), hearsResellers },
    });
  });
}
