import type { Actor } from "@/lib/access/actor";
import { authorize } from "@/lib/access/authorize";
import type { Context } from "@/lib/context";
import { join, sql } from "@/lib/db/database";
import { toUnicode } from "@/lib/dns/name";
import { AppError } from "@/lib/errors";
import { memberName, NAME_COLUMNS } from "@/lib/members/member-name";
import type { PlanMark } from "@/lib/sync/plan-marks";
import { type ItemState, itemOf, jobOf, type SyncItem, type SyncJob } from "./job";
import type { ItemQuery } from "./schemas";
import { jobAccount } from "./service";
import { sharedMembers, withoutReasons } from "./shared-members";
import { type StepWait, stepWaits } from "./step-waits";

/**
 * Members that can be chosen, by name: those of a reseller's own cluster, for root all of them or those of an account.
 * @throws AppError "forbidden", "not-found"
 */
export async function membersToSync(
  ctx: Context,
  actor: Actor,
  accountId: number | null = null,
): Promise<{ id: number; name: string }[]> {
  const ownerId = await jobAccount(ctx, actor, accountId);
  const rows = await ctx.db.client.member.findMany({
    where: ownerId === null ? {} : { ownerId },
    select: { id: true, ...NAME_COLUMNS },
  });
  return rows.map((row) => ({ id: row.id, name: memberName(row) })).sort((a, b) => a.name.localeCompare(b.name, "en"));
}

/** Steps by how far they are. */
export type ItemCounts = Readonly<Record<ItemState, number>>;

export interface JobView extends SyncJob {
  readonly counts: ItemCounts;
  /** All steps, those about which nothing can be done included. */
  readonly total: number;
  /** Steps that wait for a confirmation. */
  readonly marked: number;
  /** What is dangerous about them, while the plan waits to be agreed to. */
  readonly marks: readonly { readonly mark: PlanMark; readonly steps: number }[];
  /** Zones that the steps are about. */
  readonly zones: number;
  /** Servers that are not reached, for which steps wait. */
  readonly waits: readonly StepWait[];
  /** For root: the account that it is about; null: the whole server. Nothing that a reseller has to be told. */
  readonly account: string | null;
}

const NONE: ItemCounts = { planned: 0, "left-out": 0, sent: 0, done: 0, changed: 0, failed: 0, cancelled: 0 };
const SHOWN_JOBS = 20;

/**
 * The latest jobs, newest first: a reseller's own, for root those of everybody or of one account.
 * @throws AppError "forbidden", "not-found"
 */
export async function listJobs(ctx: Context, actor: Actor, accountId: number | null = null): Promise<JobView[]> {
  const own = await jobAccount(ctx, actor, accountId);
  const rows = await ctx.db.client.syncJob.findMany({
    where: own === null ? {} : { accountId: own },
    orderBy: { id: "desc" },
    take: SHOWN_JOBS,
  });
  return jobViews(ctx, actor, rows.map(jobOf));
}

/** @throws AppError "forbidden", "not-found" */
export async function getJob(ctx: Context, actor: Actor, id: number): Promise<JobView> {
  const { ownerId } = authorize(actor, "sync.manage");
  const row = await ctx.db.client.syncJob.findUnique({ where: { id } });
  const isTheirs = row && (ownerId === null || row.accountId === ownerId);
  const [view] = isTheirs ? await jobViews(ctx, actor, [jobOf(row)]) : [];
  if (!view) throw new AppError("not-found", "There is no such synchronization. Old ones are not kept.");
  return view;
}

/** Jobs as the asker may see them. */
async function jobViews(ctx: Context, actor: Actor, jobs: readonly SyncJob[]): Promise<JobView[]> {
  if (jobs.length === 0) return [];
  const { ownerId } = authorize(actor, "sync.manage");
  const accounts = new Map<number, string>();
  if (ownerId === null) {
    const named = jobs.flatMap(({ accountId }) => accountId ?? []);
    for (const { id, username } of await ctx.db.client.user.findMany({ where: { id: { in: named } } }))
      accounts.set(id, username);
  }
  const ids = join(jobs.map(({ id }) => id));
  type Figure = number | bigint;
  const [states, zones, waits, marks] = await Promise.all([
    ctx.db.client.$queryRaw<{ jobId: Figure; state: ItemState; count: Figure; marked: Figure }[]>(sql`
      SELECT "jobId", "state", count(*) AS "count", count(CASE WHEN "marks" <> '[]' THEN 1 END) AS "marked"
      FROM "SyncItem" WHERE "jobId" IN (${ids}) GROUP BY "jobId", "state"`),
    ctx.db.client.$queryRaw<{ jobId: Figure; zones: Figure }[]>(sql`
      SELECT "jobId", count(DISTINCT "zone") AS "zones" FROM "SyncItem" WHERE "jobId" IN (${ids}) GROUP BY "jobId"`),
    stepWaits(
      ctx,
      jobs.map(({ id }) => id),
      ownerId,
    ),
    ctx.db.client.$queryRaw<{ jobId: Figure; marks: string; steps: Figure }[]>(sql`
      SELECT i."jobId", i."marks", count(*) AS "steps" FROM "SyncItem" i JOIN "SyncJob" j ON j."id" = i."jobId"
      WHERE i."jobId" IN (${ids}) AND j."state" = 'ready' AND i."state" = 'planned' AND i."marks" <> '[]' GROUP BY i."jobId", i."marks"`),
  ]);
  return jobs.map((job) => {
    const own = states.filter(({ jobId }) => Number(jobId) === job.id);
    const counts = { ...NONE, ...Object.fromEntries(own.map(({ state, count }) => [state, Number(count)])) };
    return {
      ...job,
      members: ownerId === null ? job.members : sharedMembers(job.members),
      account: accounts.get(job.accountId ?? 0) ?? null,
      counts,
      total: own.reduce((sum, { count }) => sum + Number(count), 0),
      marked: own.reduce((sum, { marked }) => sum + Number(marked), 0),
      marks: markCounts(marks.filter(({ jobId }) => Number(jobId) === job.id)),
      waits: waits.get(job.id) ?? [],
      zones: Number(zones.find(({ jobId }) => Number(jobId) === job.id)?.zones ?? 0),
    };
  });
}

function markCounts(rows: readonly { readonly marks: string; readonly steps: number | bigint }[]): JobView["marks"] {
  const counts = new Map<PlanMark, number>();
  for (const { marks, steps } of rows)
    for (const mark of JSON.parse(marks) as PlanMark[]) counts.set(mark, (counts.get(mark) ?? 0) + Number(steps));
  return [...counts].map(([mark, steps]) => ({ mark, steps }));
}

export interface ItemView extends SyncItem {
  readonly displayName: string;
  readonly memberName: string;
  /** Its server is not reached: it waits for it. */
  readonly isHeldUp: boolean;
}

export interface ItemList {
  readonly rows: readonly ItemView[];
  readonly total: number;
  readonly page: number;
  readonly pageSize: number;
}

const PAGE_SIZE = 50;

/** A page of a job's steps, by zone. @throws AppError "forbidden", "not-found" */
export async function jobItems(
  ctx: Context,
  actor: Actor,
  { id, page, show }: ItemQuery & { id: number },
): Promise<ItemList> {
  const { ownerId } = authorize(actor, "sync.manage");
  const { members, waits } = await getJob(ctx, actor, id);
  const heldUp = new Set(waits.map(({ memberId }) => memberId));
  const where = {
    jobId: id,
    ...(show === "marked" ? { NOT: { marks: "[]" } } : {}),
    ...(show === "trouble" ? { state: { in: ["failed", "changed"] } } : {}),
  };
  const [total, rows, named] = await Promise.all([
    ctx.db.client.syncItem.count({ where }),
    ctx.db.client.syncItem.findMany({
      where,
      orderBy: [{ zone: "asc" }, { id: "asc" }],
      skip: (page - 1) * PAGE_SIZE,
      take: PAGE_SIZE,
    }),
    ctx.db.client.member.findMany({
      where: ownerId === null ? {} : { ownerId },
      select: { id: true, ...NAME_COLUMNS },
    }),
  ]);
  const names = new Map([
    ...members.map(({ id, name }) => [id, name] as const),
    ...named.map((member) => [member.id, memberName(member)] as const),
  ]);
  const anonymous = new Set(ownerId === null ? [] : members.flatMap(({ id, isShared }) => (isShared ? id : [])));
  return {
    rows: rows.map(itemOf).map((item) => ({
      ...(anonymous.has(item.memberId) ? withoutReasons(item) : item),
      displayName: toUnicode(item.zone),
      isHeldUp: item.state === "sent" && heldUp.has(item.memberId),
      memberName: names.get(item.memberId) ?? `member ${item.memberId}`,
    })),
    total,
    page,
    pageSize: PAGE_SIZE,
  };
}
