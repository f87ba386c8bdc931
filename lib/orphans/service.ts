import { type Actor, actorName } from "@/lib/access/actor";
import { authorize } from "@/lib/access/authorize";
import { recordAudit } from "@/lib/audit/record";
import type { Context } from "@/lib/context";
import { AppError } from "@/lib/errors";
import { publish } from "@/lib/live/bus";
import { readSettings, type Settings, writeSettings } from "@/lib/settings/settings";
import { createJob } from "@/lib/sync-jobs/service";
import { visibleOrphans } from "./queries";

/**
 * What can be done about zones that nobody owns. Nothing is removed here: a plan is asked for, which waits for approval, and the engine sends what it says.
 */

type Chosen = Awaited<ReturnType<typeof visibleOrphans>>;

const HOUR_MS = 60 * 60_000;

/**
 * Asks for a plan that removes zones where they are: copies at members; zones here whose source is gone go to the recycle bin.
 * @returns the plan's number
 * @throws AppError "forbidden"; "not-found" for what is not the asker's, or gone; "conflict" in the grace period
 */
export async function removeOrphans(
  ctx: Context,
  actor: Actor,
  { ids }: { ids: readonly number[] },
): Promise<{ id: number }> {
  const chosen = await choose(ctx, actor, ids);
  await assertNotNew(ctx, chosen);
  if (chosen.some(({ kind }) => kind === "account-gone"))
    throw new AppError("conflict", "Give these zones to an account, or delete them, on the page Zones.");
  return plan(ctx, actor, "remove-orphans", chosen, null);
}

/**
 * Asks for a plan that takes copies in as zones of an account.
 * @param input.account a username, for root; empty: whoever has the member
 * @throws as `removeOrphans`; "invalid-input" when there is no such account
 */
export async function adoptOrphans(
  ctx: Context,
  actor: Actor,
  { ids, account }: { ids: readonly number[]; account: string },
): Promise<{ id: number }> {
  const { ownerId } = authorize(actor, "cluster.manage");
  const chosen = await choose(ctx, actor, ids);
  if (chosen.some(({ side }) => side !== "there"))
    throw new AppError("conflict", "Only copies at a member can be taken in: what is here already need not be.");
  const named =
    account === "" || ownerId !== null ? null : await ctx.db.client.user.findUnique({ where: { username: account } });
  if (account !== "" && ownerId === null && !named)
    throw new AppError("invalid-input", "There is no such account.", {
      fields: { account: "There is no such account." },
    });
  const owner = named ?? (await ctx.db.client.user.findUnique({ where: { id: chosen[0]?.memberOwnerId ?? 0 } }));
  if (named === null && new Set(chosen.map(({ memberOwnerId }) => memberOwnerId)).size > 1)
    throw new AppError("invalid-input", "These are at servers of several accounts. Say whose they become.");
  return plan(ctx, actor, "adopt-orphans", chosen, owner?.role === "reseller" ? owner.id : null);
}

/** Leaves zones as they are, and says why: they are not counted any more. @throws AppError "forbidden", "not-found" */
export async function keepOrphans(
  ctx: Context,
  actor: Actor,
  { ids, reason }: { ids: readonly number[]; reason: string },
): Promise<void> {
  await decide(ctx, actor, ids, "keep", {
    keptAt: BigInt(ctx.clock.now()),
    keptBy: actorName(actor),
    keptReason: reason,
  });
}

/** Takes back that they stay. @throws AppError "forbidden", "not-found" */
export async function listOrphansAgain(ctx: Context, actor: Actor, { ids }: { ids: readonly number[] }): Promise<void> {
  await decide(ctx, actor, ids, "list-again", { keptAt: null, keptBy: null, keptReason: null });
}

/** From when on a zone that nobody owns may be removed, and how many removals a plan may hold unremarked. @throws AppError "forbidden" for anyone but root */
export async function setGuards(
  ctx: Context,
  actor: Actor,
  guards: Pick<Settings<"cluster">, "mostRemovals" | "orphanGraceHours">,
): Promise<void> {
  authorize(actor, "cluster.settings");
  await ctx.db.transaction(async (tx) => {
    await recordAudit(tx, actor, { at: ctx.clock.now(), action: "cluster.guards", subject: "cluster", detail: guards });
    await writeSettings(tx, "cluster", guards);
  });
  publish("sync");
}

async function choose(ctx: Context, actor: Actor, ids: readonly number[]): Promise<Chosen> {
  const { ownerId } = authorize(actor, "cluster.manage");
  const chosen = await visibleOrphans(ctx.db.client, ownerId, ids);
  if (chosen.length < new Set(ids).size)
    throw new AppError("not-found", "One of these is not there any more, or not yours. Reload the page.");
  return chosen;
}

async function assertNotNew(ctx: Context, chosen: Chosen): Promise<void> {
  const { orphanGraceHours } = await readSettings(ctx.db.client, "cluster");
  const due = ctx.clock.now() - orphanGraceHours * HOUR_MS;
  if (chosen.some(({ firstSeenAt }) => firstSeenAt > due))
    throw new AppError(
      "conflict",
      `One of these was found less than ${orphanGraceHours} hours ago. Its server may only be about to tell of it: wait.`,
    );
}

async function plan(
  ctx: Context,
  actor: Actor,
  choice: "remove-orphans" | "adopt-orphans",
  chosen: Chosen,
  newOwnerId: number | null,
): Promise<{ id: number }> {
  const { ownerId } = authorize(actor, "sync.manage");
  const { isEnabled } = await readSettings(ctx.db.client, "cluster");
  if (!isEnabled)
    throw new AppError("conflict", "DNS clustering is disabled. Root enables it on the page DNS Cluster.");
  const [only] = chosen;
  const about = { zone: chosen.length === 1 && only ? only.zone : null, memberId: null, addMissing: false };
  const request = { orphans: chosen.map(({ id }) => id), ownerId: newOwnerId };
  return createJob(ctx, actor, { choice, ...about, accountId: ownerId, request }, null);
}

async function decide(
  ctx: Context,
  actor: Actor,
  ids: readonly number[],
  verb: "keep" | "list-again",
  data: { keptAt: bigint | null; keptBy: string | null; keptReason: string | null },
): Promise<void> {
  const chosen = await choose(ctx, actor, ids);
  await ctx.db.transaction(async (tx) => {
    await tx.orphan.updateMany({ where: { id: { in: chosen.map(({ id }) => id) } }, data });
    const subject = chosen.length === 1 ? (chosen[0]?.zone ?? "") : `${chosen.length} zones`;
    const detail = { zones: chosen.map(({ zone }) => zone).slice(0, 50), reason: data.keptReason };
    await recordAudit(tx, actor, { at: ctx.clock.now(), action: `orphan.${verb}`, subject, detail });
  });
  publish("sync");
}
