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
import { findZone } from "@/lib/zones/zone-row";
import type { SyncJob as JobRow } from "@/prisma/generated/sqlite/client";
import { endApproval } from "./approval";
import { type JobRequest, type JobState, OPEN_STATES } from "./job";
import { type ApplyRequest, type JobChoice, LOCAL, type PlanRequest, type RepairRequest } from "./schemas";

/** Jobs that are kept of an account, and of the whole server; older ones go, with their steps, when a new one begins. */
const KEPT = 50;

/**
 * Asks for a plan. The engine makes it; nothing is changed before `applyPlan`.
 * @returns the job's number
 * @throws AppError "forbidden"; "not-found" for a member or an account that is none, or not the asker's; "conflict" while clustering is disabled, and
 *   while another plan is made for the account
 */
export async function startPlan(ctx: Context, actor: Actor, request: PlanRequest): Promise<{ id: number }> {
  const accountId = await jobAccount(ctx, actor, request.accountId);
  const member = request.memberId === null ? null : await findMember(ctx, actor, request.memberId);
  if (member && accountId !== null && member.ownerId !== accountId)
    throw new AppError("not-found", "There is no such server in the DNS cluster of this account.");
  await assertClustering(ctx);
  const { choice, zone, addMissing } = request;
  return createJob(
    ctx,
    actor,
    { choice, zone, addMissing, accountId, memberId: member?.id ?? null },
    member && memberName(member),
  );
}

/**
 * *Repair*: a plan of everything that differs, of one zone or all, at one server or everywhere; also where only a nameserver does otherwise than its server says.
 * @returns the plan's number
 * @throws as `startPlan`; "not-found" for a zone that is not the asker's
 */
export async function startRepair(
  ctx: Context,
  actor: Actor,
  { zone, memberId }: RepairRequest,
): Promise<{ id: number }> {
  const accountId = await jobAccount(ctx, actor, null);
  const member = memberId === undefined || memberId === LOCAL ? null : await findMember(ctx, actor, memberId);
  if (zone !== undefined) {
    const stored = await findZone(ctx.db.client, zone);
    if (!stored || (accountId !== null && stored.ownerId !== accountId))
      throw new AppError("not-found", "There is no such zone here, or it is not yours.");
  }
  if (memberId !== LOCAL) await assertClustering(ctx);
  const about = { choice: "repair", zone: zone ?? null, addMissing: false, accountId } as const;
  return createJob(ctx, actor, { ...about, memberId: memberId ?? null }, member ? memberName(member) : null);
}

async function assertClustering(ctx: Context): Promise<void> {
  const { isEnabled } = await readSettings(ctx.db.client, "cluster");
  if (!isEnabled)
    throw new AppError("conflict", "DNS clustering is disabled. Root enables it on the page DNS Cluster.");
}

interface NewJob {
  readonly choice: JobChoice;
  readonly zone: string | null;
  readonly addMissing: boolean;
  readonly accountId: number | null;
  readonly memberId: number | null;
  readonly request?: Partial<JobRequest>;
}

/** Stores a job that the engine plans next. Who asks was authorized. @throws AppError "conflict" while another one of the account is planned */
export async function createJob(
  ctx: Context,
  actor: Actor,
  { request = {}, ...about }: NewJob,
  member: string | null,
): Promise<{ id: number }> {
  const { choice, zone, addMissing, accountId } = about;
  const id = await ctx.db.transaction(async (tx) => {
    const at = ctx.clock.now();
    const detail = { choice, addMissing, member, account: accountId, ...request };
    await recordAudit(tx, actor, { at, action: "sync.plan", subject: zone ?? "all zones", detail });
    await assertNoneIsMade(tx, accountId);
    const job = await tx.syncJob.create({
      data: {
        ...{ ...about, request: JSON.stringify(request), state: "planning" },
        ...{ actorId: actorId(actor), actorName: actorName(actor), createdAt: BigInt(at) },
      },
    });
    await dropOld(tx, accountId);
    return job.id;
  });
  publish("sync");
  return { id };
}

/** Which account a job is about: a reseller's own, for root the one that it manages. @returns null: the whole server */
export async function jobAccount(ctx: Context, actor: Actor, asked: number | null): Promise<number | null> {
  const { ownerId } = authorize(actor, "sync.manage", asked ?? undefined);
  if (ownerId !== null || asked === null) return ownerId;
  const user = await ctx.db.client.user.findUnique({ where: { id: asked }, select: { role: true } });
  if (!user) throw new AppError("not-found", "There is no such account.");
  return user.role === "root" ? null : asked;
}

/** Every plan asks servers, which may take their time: an account waits for its own ones, so that it keeps nobody else waiting. */
async function assertNoneIsMade(tx: Queryable, accountId: number | null): Promise<void> {
  const open = accountId === null ? 0 : await tx.syncJob.count({ where: { accountId, state: "planning" } });
  if (open > 0) throw new AppError("conflict", "Another plan is being made. Wait for it, or discard it first.");
}

async function dropOld(tx: Queryable, accountId: number | null): Promise<void> {
  const newest = await tx.syncJob.findMany({
    where: { accountId },
    orderBy: { id: "desc" },
    skip: KEPT,
    select: { id: true, state: true },
  });
  await dropJobs(
    tx,
    newest.filter(({ state }) => !OPEN_STATES.includes(state as JobState)),
  );
}

/** Takes jobs away with their steps. */
export async function dropJobs(tx: Queryable, jobs: readonly { readonly id: number }[]): Promise<void> {
  const ids = jobs.map(({ id }) => id);
  if (ids.length === 0) return;
  await tx.syncItem.deleteMany({ where: { jobId: { in: ids } } });
  await tx.syncJob.deleteMany({ where: { id: { in: ids } } });
}

/**
 * Has a plan carried out, as it was looked at.
 * @throws AppError "conflict" when it is not ready, is another plan than `planHash` says, has marked steps about which nothing is said, or has to be approved
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
    if (count > 0 && marked === "confirm" && (job.approval !== "approved" || job.approvedHash !== planHash))
      throw new AppError(
        "conflict",
        `${count} marked steps wait for approval. Approve them on the plan’s page first.`,
        {
          details: { marked: count, approval: job.approval },
        },
      );
    if (marked !== "leave-out") return;
    await tx.syncItem.updateMany({ where: risky, data: { state: "left-out" } });
    await endApproval(tx, ctx, job, { outcome: "left-out", by: actorName(actor) });
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
  await change(ctx, actor, id, "cancel", OPEN_STATES, "cancelled", async (tx, job) => {
    await endApproval(tx, ctx, job, { outcome: "rejected", by: actorName(actor) });
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
  more?: (tx: Queryable, job: JobRow) => Promise<void>,
): Promise<void> {
  const { ownerId } = authorize(actor, "sync.manage");
  const own = ownerId === null ? { id } : { id, accountId: ownerId };
  await ctx.db.transaction(async (tx) => {
    const { count } = await tx.syncJob.updateMany({ where: { ...own, state: { in: [...from] } }, data: { state: to } });
    const job = await tx.syncJob.findFirst({ where: own });
    if (!job) throw new AppError("not-found", "There is no such synchronization. Old ones are not kept.");
    if (count === 0) throw new AppError("conflict", `It cannot be done now: the synchronization is ${job.state}.`);
    await more?.(tx, job);
    const subject = job.zone ?? "all zones";
    await recordAudit(tx, actor, { at: ctx.clock.now(), action: `sync.${verb}`, subject, detail: { job: id } });
  });
  publish("sync");
}
