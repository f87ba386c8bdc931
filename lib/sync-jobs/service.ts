import { type Actor, actorId, actorName } from "@/lib/access/actor";
import { authorize } from "@/lib/access/authorize";
import { recordAudit } from "@/lib/audit/record";
import type { Context } from "@/lib/context";
import type { Queryable } from "@/lib/db/database";
import { AppError } from "@/lib/errors";
import { publish } from "@/lib/live/bus";
import { memberName } from "@/lib/members/member-name";
import { findMember } from "@/lib/members/queries";
import { readSettings } from "@/lib/settings/settings";
import { type JobState, OPEN_STATES } from "./job";
import type { ApplyRequest, PlanRequest } from "./schemas";

/** Jobs that are kept; older ones go, with their steps, when a new one begins. */
const KEPT = 50;

/**
 * Asks for a plan. The engine makes it; nothing is changed before `applyPlan`.
 * @returns the job's number
 * @throws AppError "forbidden"; "not-found" for a member that is none; "conflict" while clustering is disabled
 */
export async function startPlan(ctx: Context, actor: Actor, request: PlanRequest): Promise<{ id: number }> {
  authorize(actor, "sync.manage");
  const member = request.memberId === null ? null : await findMember(ctx, actor, request.memberId);
  const { isEnabled } = await readSettings(ctx.db.client, "cluster");
  if (!isEnabled)
    throw new AppError("conflict", "DNS clustering is disabled. Enable it on the page DNS Cluster first.");
  const { choice, zone, addMissing } = request;
  const id = await ctx.db.transaction(async (tx) => {
    const at = ctx.clock.now();
    const detail = { choice, addMissing, member: member && memberName(member) };
    await recordAudit(tx, actor, { at, action: "sync.plan", subject: zone ?? "all zones", detail });
    const job = await tx.syncJob.create({
      data: {
        ...{ choice, zone, addMissing, memberId: member?.id ?? null, state: "planning" },
        ...{ actorId: actorId(actor), actorName: actorName(actor), createdAt: BigInt(at) },
      },
    });
    await dropOld(tx, job.id);
    return job.id;
  });
  publish("sync");
  return { id };
}

async function dropOld(tx: Queryable, newest: number): Promise<void> {
  const old = await tx.syncJob.findMany({
    where: { id: { lte: newest - KEPT }, state: { notIn: [...OPEN_STATES] } },
    select: { id: true },
  });
  const ids = old.map(({ id }) => id);
  if (ids.length === 0) return;
  await tx.syncItem.deleteMany({ where: { jobId: { in: ids } } });
  await tx.syncJob.deleteMany({ where: { id: { in: ids } } });
}

/**
 * Has a plan carried out, as it was looked at.
 * @throws AppError "conflict" when it is not ready, is another plan than `planHash` says, or has marked steps about which nothing is said
 */
export async function applyPlan(ctx: Context, actor: Actor, { id, planHash, marked }: ApplyRequest): Promise<void> {
  await change(ctx, actor, id, "apply", ["ready"], "applying", async (tx, job) => {
    if (job.planHash !== planHash)
      throw new AppError("conflict", "This is not the plan that you looked at. Look at it again.");
    const risky = { jobId: id, state: "planned", NOT: { marks: "[]" } };
    const count = await tx.syncItem.count({ where: risky });
    if (count > 0 && marked === undefined)
      throw new AppError("conflict", `${count} marked steps need a confirmation, or have to be left out.`, {
        details: { marked: count },
      });
    if (marked === "leave-out") await tx.syncItem.updateMany({ where: risky, data: { state: "left-out" } });
  });
}

/** Stops handing out further steps; those under way end. @throws AppError "not-found", "conflict" */
export async function pauseJob(ctx: Context, actor: Actor, { id }: { id: number }): Promise<void> {
  await change(ctx, actor, id, "pause", ["applying"], "paused");
}

/** @throws AppError "not-found", "conflict" */
export async function resumeJob(ctx: Context, actor: Actor, { id }: { id: number }): Promise<void> {
  await change(ctx, actor, id, "resume", ["paused"], "applying");
}

/** Ends a job; what was done stays, and what the engine was asked to send is still sent. @throws AppError "not-found", "conflict" */
export async function cancelJob(ctx: Context, actor: Actor, { id }: { id: number }): Promise<void> {
  await change(ctx, actor, id, "cancel", OPEN_STATES, "cancelled", async (tx) => {
    await tx.syncItem.updateMany({ where: { jobId: id, state: "planned" }, data: { state: "cancelled" } });
    await tx.syncJob.update({ where: { id }, data: { finishedAt: BigInt(ctx.clock.now()) } });
  });
}

async function change(
  ctx: Context,
  actor: Actor,
  id: number,
  verb: string,
  from: readonly JobState[],
  to: JobState,
  more?: (tx: Queryable, job: { planHash: string | null }) => Promise<void>,
): Promise<void> {
  authorize(actor, "sync.manage");
  await ctx.db.transaction(async (tx) => {
    const { count } = await tx.syncJob.updateMany({ where: { id, state: { in: [...from] } }, data: { state: to } });
    const job = await tx.syncJob.findUnique({ where: { id } });
    if (!job) throw new AppError("not-found", "There is no such synchronization. Old ones are not kept.");
    if (count === 0) throw new AppError("conflict", `It cannot be done now: the synchronization is ${job.state}.`);
    await more?.(tx, job);
    const subject = job.zone ?? "all zones";
    await recordAudit(tx, actor, { at: ctx.clock.now(), action: `sync.${verb}`, subject, detail: { job: id } });
  });
  publish("sync");
}
