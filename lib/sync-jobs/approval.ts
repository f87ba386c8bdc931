import { type Actor, actorName } from "@/lib/access/actor";
import { authorize } from "@/lib/access/authorize";
import { recordAudit } from "@/lib/audit/record";
import type { Context } from "@/lib/context";
import { type Queryable, sql } from "@/lib/db/database";
import { toUnicode } from "@/lib/dns/name";
import { AppError } from "@/lib/errors";
import { publish } from "@/lib/live/bus";
import type { NoticeFacts } from "@/lib/notifications/events";
import { raiseNotice } from "@/lib/notifications/raise";
import type { PlanMark } from "@/lib/sync/plan-marks";
import type { SyncJob as JobRow } from "@/prisma/generated/sqlite/client";
import type { ApproveRequest } from "./schemas";

/**
 * Plans that could do harm wait for somebody's yes, whoever made them: a person, a script, or the server itself. The yes is to what was looked at (`planHash`),
 * and each step is still held to what both sides had then.
 */

/** How long a plan waits: what is older was compared with a world that is gone. */
export const APPROVAL_MS = 7 * 24 * 60 * 60_000;

type Waiting = Pick<JobRow, "id" | "accountId" | "zone" | "actorName" | "memberId">;

const episodeOf = ({ id }: Pick<JobRow, "id">) => `plan:${id}`;

/** Begins the wait of a plan whose marked steps are stored, in the transaction that makes it ready, and tells who may end it. */
export async function askApproval(tx: Queryable, ctx: Context, job: Waiting): Promise<void> {
  await tx.syncJob.update({
    where: { id: job.id },
    data: { approval: "waiting", approvedHash: null, approvedBy: null, approvedAt: null },
  });
  const marked = { jobId: job.id, state: "planned", NOT: { marks: "[]" } };
  const [rows, zones] = await Promise.all([
    tx.syncItem.findMany({ where: marked, select: { marks: true }, take: 10_000 }),
    tx.syncItem.findMany({
      where: marked,
      select: { zone: true },
      distinct: ["zone"],
      take: 3,
      orderBy: { zone: "asc" },
    }),
  ]);
  const marks = [...new Set(rows.flatMap((row) => JSON.parse(row.marks) as PlanMark[]))];
  await raiseNotice(tx, ctx, {
    ...{ event: "sync-approval", episode: episodeOf(job), ownerId: job.accountId },
    ...(job.zone === null ? {} : { zone: job.zone }),
    facts: {
      ...{ plan: job.id, askedBy: job.actorName, steps: await tx.syncItem.count({ where: marked }), marks },
      zones: zones.map(({ zone }) => toUnicode(zone)),
    },
  });
}

type Outcome = NoticeFacts<"sync-approval-over">["outcome"];

/** Ends the wait, if the plan waits, and tells those who were told of it. */
export async function endApproval(
  tx: Queryable,
  ctx: Context,
  job: Pick<JobRow, "id" | "accountId" | "approval">,
  { outcome, by }: { outcome: Outcome; by: string },
): Promise<void> {
  if (job.approval !== "waiting") return;
  const approval = outcome === "left-out" ? null : outcome;
  await tx.syncJob.update({ where: { id: job.id }, data: { approval } });
  await raiseNotice(tx, ctx, {
    ...{ event: "sync-approval-over", episode: episodeOf(job), ownerId: job.accountId },
    facts: { plan: job.id, outcome, by },
  });
}

/**
 * Says yes to what is dangerous about a plan. Nothing is done yet: it is carried out as every plan is.
 * @throws AppError "forbidden", also for API tokens; "not-found"; "conflict" when it does not wait, or is another plan than `planHash` says
 */
export async function approvePlan(ctx: Context, actor: Actor, { id, planHash }: ApproveRequest): Promise<void> {
  await decide(ctx, actor, id, async (tx, job) => {
    assertLookedAt(job, planHash);
    await endApproval(tx, ctx, job, { outcome: "approved", by: actorName(actor) });
    await tx.syncJob.update({
      where: { id },
      data: { approvedHash: planHash, approvedBy: actorName(actor), approvedAt: BigInt(ctx.clock.now()) },
    });
    return "approve";
  });
}

/** Gives a plan up because of what is dangerous about it. Nothing of it is done. @throws as `approvePlan` */
export async function rejectPlan(ctx: Context, actor: Actor, { id, planHash }: ApproveRequest): Promise<void> {
  await decide(ctx, actor, id, async (tx, job) => {
    // A copy that came to wait since was not rejected by anybody, and would not be asked about again.
    assertLookedAt(job, planHash);
    await endApproval(tx, ctx, job, { outcome: "rejected", by: actorName(actor) });
    await cancelPlan(tx, ctx, id);
    return "reject";
  });
}

/** @throws AppError "conflict" */
export function assertLookedAt(job: Pick<JobRow, "planHash">, planHash: string): void {
  if (job.planHash !== planHash)
    throw new AppError("conflict", "This is not the plan that you looked at. Look at it again.");
}

/** A plan that waits for the actor's word. @throws as `approvePlan`, but for the hash */
export async function findWaiting(db: Queryable, actor: Actor, id: number): Promise<JobRow> {
  const { ownerId } = authorize(actor, "sync.manage");
  if (actor.kind === "user" && actor.token)
    throw new AppError("forbidden", "A plan is approved or rejected by a person, on its page in the panel.");
  const job = await db.syncJob.findFirst({ where: ownerId === null ? { id } : { id, accountId: ownerId } });
  if (!job) throw new AppError("not-found", "There is no such synchronization. Old ones are not kept.");
  if (job.state !== "ready" || job.approval !== "waiting")
    throw new AppError("conflict", "This plan does not wait for approval any more.");
  return job;
}

async function decide(
  ctx: Context,
  actor: Actor,
  id: number,
  work: (tx: Queryable, job: JobRow) => Promise<"approve" | "reject">,
): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    // A write first: of two who decide at once the second one sees what the first one did.
    await tx.syncJob.updateMany({ where: { id, approval: "waiting" }, data: { approval: "waiting" } });
    const job = await findWaiting(tx, actor, id);
    const verb = await work(tx, job);
    const detail = { job: id, hash: job.planHash };
    await recordAudit(tx, actor, {
      at: ctx.clock.now(),
      action: `sync.${verb}`,
      subject: job.zone ?? "all zones",
      detail,
    });
  });
  publish("sync");
}

async function cancelPlan(tx: Queryable, ctx: Context, id: number): Promise<void> {
  await tx.syncItem.updateMany({ where: { jobId: id, state: "planned" }, data: { state: "cancelled" } });
  await tx.syncJob.update({ where: { id }, data: { state: "cancelled", finishedAt: BigInt(ctx.clock.now()) } });
}

/** Gives up plans that waited too long. */
export async function expireApprovals(ctx: Context): Promise<void> {
  const before = BigInt(ctx.clock.now() - APPROVAL_MS);
  const old = { state: "ready", approval: "waiting", plannedAt: { lt: before } };
  if ((await ctx.db.client.syncJob.count({ where: old })) === 0) return;
  await ctx.db.transaction(async (tx) => {
    for (const job of await tx.syncJob.findMany({ where: old })) {
      await endApproval(tx, ctx, job, { outcome: "expired", by: "" });
      await cancelPlan(tx, ctx, job.id);
    }
  }, "sync.expire");
  publish("sync");
}

/** Plans that wait for somebody's yes, and that `actor` may give it to: the oldest one, and how many there are. */
export async function waitingPlans(ctx: Context, actor: Actor): Promise<{ count: number; firstId: number | null }> {
  const { ownerId } = authorize(actor, "sync.manage");
  const [row] = await ctx.db.client.$queryRaw<{ n: number | bigint; id: number | bigint | null }[]>(sql`
    SELECT count(*) AS "n", min("id") AS "id" FROM "SyncJob" WHERE "state" = 'ready' AND "approval" = 'waiting'
      AND ${ownerId === null ? sql`1 = 1` : sql`"accountId" = ${ownerId}`}`);
  return { count: Number(row?.n ?? 0), firstId: row?.id == null ? null : Number(row.id) };
}
