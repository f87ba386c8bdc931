import type { Actor } from "@/lib/access/actor";
import { authorize } from "@/lib/access/authorize";
import type { Context } from "@/lib/context";
import type { ServerPaths } from "@/lib/drivers/server-paths";
import { DriverError, errorMessage } from "@/lib/errors";
import { publish } from "@/lib/live/bus";
import { heldBack } from "@/lib/members/held";
import { openMemberDriver } from "@/lib/members/open-driver";
import { readSettings } from "@/lib/settings/settings";
import type { Member } from "@/prisma/generated/sqlite/client";
import { rootMembers } from "./known-paths";

/** A member that takes longer keeps what it said before. */
const LIMIT_MS = 7_000;
const CONCURRENCY = 32;

/**
 * Asks every member for the links it knows and stores the answers: what the cluster map is drawn from. A member that does not answer keeps its last
 * answer, with the reason. Never throws for a member. Does nothing while clustering is disabled. Called by the engine's housekeeping.
 */
export async function askMembers(ctx: Context, signal?: AbortSignal): Promise<void> {
  const { isEnabled } = await readSettings(ctx.db.client, "cluster");
  if (!isEnabled) return;
  const members = await rootMembers(ctx);
  const gone = { memberId: { notIn: members.map(({ id }) => id) } };
  await ctx.db.statement((db) => db.memberPaths.deleteMany({ where: gone }), "map.forget");
  const queue = members.filter((member) => heldBack(member) === null).values();
  const worker = async () => {
    for (const member of queue) {
      if (signal?.aborted) return;
      await askMember(ctx, member, signal);
    }
  };
  await Promise.all(Array.from({ length: Math.min(CONCURRENCY, members.length) }, worker));
  publish("cluster");
}

/** "Ask again" of the map. @throws AppError "forbidden" unless root asks */
export async function askAgain(ctx: Context, actor: Actor): Promise<void> {
  authorize(actor, "cluster.settings");
  await askMembers(ctx);
}

async function askMember(ctx: Context, member: Member, signal?: AbortSignal): Promise<void> {
  const askedAt = BigInt(ctx.clock.now());
  const limit = AbortSignal.timeout(LIMIT_MS);
  let data: { askedAt: bigint; answeredAt?: bigint; answer?: string; error: string | null };
  try {
    const driver = await openMemberDriver(ctx, member);
    if (!driver.paths) return;
    const answer = await driver.paths(signal ? AbortSignal.any([limit, signal]) : limit);
    const answeredAt = BigInt(ctx.clock.now());
    data = { askedAt, answeredAt, answer: JSON.stringify(asMember(answer, member)), error: null };
  } catch (error) {
    // Disabled or paused since the round began: it was not asked.
    if (signal?.aborted || (error instanceof DriverError && error.kind === "held")) return;
    const words = limit.aborted ? `It did not answer within ${LIMIT_MS / 1_000} seconds.` : errorMessage(error);
    data = { askedAt, error: words };
  }
  const { id: memberId } = member;
  const create = { memberId, ...data };
  await ctx.db.statement((db) => db.memberPaths.upsert({ where: { memberId }, create, update: data }), "map.answer");
}

/** A WHM without members answers with nothing: it has said that it has none, all the same. */
function asMember(answer: readonly ServerPaths[], { hostname, remoteHostname, serverId }: Member): ServerPaths[] {
  if (answer.length > 0) return [...answer];
  return [{ hostname: remoteHostname || hostname, serverId, kind: "unknown", ageMs: 0, handedOn: 0, members: [] }];
}
