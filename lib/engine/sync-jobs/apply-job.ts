import type { Actor } from "@/lib/access/actor";
import { createChangeSet } from "@/lib/change-sets/change-set";
import { type AskMember, fetchThrough } from "@/lib/cluster/ask-member";
import { receiveUnheld } from "@/lib/cluster/receive-unheld";
import type { Context } from "@/lib/context";
import { join, type Queryable, type RawQueryable, sql } from "@/lib/db/database";
import type { CopyStamp } from "@/lib/dns/newest";
import type { Driver } from "@/lib/drivers/driver";
import { DriverError } from "@/lib/errors";
import { publish } from "@/lib/live/bus";
import { readReaches, sameServerMembers } from "@/lib/members/reach";
import { isSame } from "@/lib/sync/plan";
import { type ItemState, itemOf, jobOf, type SyncItem, type SyncJob } from "@/lib/sync-jobs/job";
import { LOCAL } from "@/lib/sync-jobs/schemas";
import { countMoving } from "@/lib/sync-jobs/step-waits";
import { makeDue } from "@/lib/zones/make-due";
import { findZones, type StoredZone } from "@/lib/zones/zone-row";
import { adopt, removeHere, removeThere } from "./apply-orphans";
import { jobActor, newOwnerOf } from "./job-scope";
import { isApplying, staysIn } from "./job-state";
import { type MemberTerms, memberTerms } from "./member-terms";
import type { OpenMember } from "./plan-job";
import { fetchStamps } from "./read-copies";
import { MOVED_HERE, MOVED_THERE, movedHere, type Result, sameCopy, takenIn } from "./step-result";

/** Steps of one slice. */
const SLICE = 100;
/** Zones that wait for the engine at a time: a pause or a cancellation leaves no more than that under way. */
const UNDER_WAY = 1_000;

interface OpenedMember {
  readonly driver: Driver;
  readonly terms: MemberTerms;
  /** Asks the other members. */
  readonly ask: AskMember;
}

/** For whom a job is carried out. */
interface OnBehalf {
  readonly actor: Actor;
  /** Its accountId null: everybody. Zones of other accounts are as if they were not here. */
  readonly job: Pick<SyncJob, "id" | "choice" | "accountId" | "request">;
  /** The change set of what the job takes in; it is opened with the first of it. */
  readonly changeSet: () => Promise<number>;
}

const OTHER_TERMS = "Since the plan was made, the server’s DNS role or the zone’s owner was changed.";

/**
 * Carries out one slice of a job: first what is taken in, then what is sent, one member at a time. A step is done only when both sides still are as they were
 * planned, and while nobody stopped the job: asking the other side takes its time. What is sent goes the engine's way: the zone is asked for at the target, and
 * the engine sends it under its own rules.
 * @returns whether to go on at once
 */
export async function applySlice(ctx: Context, jobId: number, open: OpenMember, signal: AbortSignal): Promise<boolean> {
  const settled = await settleSent(ctx, jobId);
  const row = await ctx.db.client.syncJob.findUnique({ where: { id: jobId } });
  if (row?.state !== "applying") return settled > 0;
  const job = jobOf(row);
  const items = await nextItems(ctx, jobId);
  const [first] = items;
  if (!first) {
    await endWhenDone(ctx, jobId);
    return false;
  }
  if (first.action === "send" && (await countMoving(ctx, jobId)) >= UNDER_WAY) return false;
  const group = items.filter(({ action, memberId }) => action === first.action && memberId === first.memberId);
  const actor = await jobActor(ctx, job.accountId);
  if (!actor) return false;
  const onBehalf = { actor, job, changeSet: () => changeSetOfJob(ctx, jobId, row) };
  const results = await carryOut(ctx, group, onBehalf, open, signal);
  await storeResults(ctx, results);
  publish("sync");
  return true;
}

async function changeSetOfJob(
  ctx: Context,
  jobId: number,
  job: { changeSetId: number | null; actorId: number | null; actorName: string },
): Promise<number> {
  if (job.changeSetId !== null) return job.changeSetId;
  return ctx.db.transaction(async (tx) => {
    const by = { actorId: job.actorId, actorName: job.actorName };
    const changeSetId = await createChangeSet(tx, by, { kind: "sync", state: "done", at: ctx.clock.now() });
    await tx.syncJob.update({ where: { id: jobId }, data: { changeSetId } });
    return changeSetId;
  }, "sync.change-set");
}

/** The next planned steps; taking comes first, as what is sent may be what was taken. */
async function nextItems(ctx: Context, jobId: number): Promise<SyncItem[]> {
  for (const action of ["take", "send"]) {
    const rows = await ctx.db.client.syncItem.findMany({
      where: { jobId, state: "planned", action },
      orderBy: { id: "asc" },
      take: SLICE,
    });
    if (rows.length > 0) return rows.map(itemOf);
  }
  return [];
}

async function carryOut(
  ctx: Context,
  items: readonly SyncItem[],
  onBehalf: OnBehalf,
  open: OpenMember,
  signal: AbortSignal,
): Promise<Result[]> {
  const [{ memberId, action } = { memberId: 0, action: "none" }] = items;
  const all = (state: ItemState, message: string) => items.map((item) => ({ item, state, message }));
  if (memberId === LOCAL) return sendLocally(ctx, items, onBehalf);
  const member = await ctx.db.client.member.findUnique({ where: { id: memberId } });
  if (!member) return all("failed", "The server was removed from the cluster.");
  const terms = memberTerms(member, (await readReaches(ctx.db.client, memberId)).get(memberId));
  try {
    const driver = await open(ctx, member);
    const { actor, job } = onBehalf;
    const ask = await askOthers(ctx, memberId, open);
    const at = { jobId: job.id, member, driver, actor, ask, changeSet: onBehalf.changeSet };
    if (job.choice === "adopt-orphans") return await adopt(ctx, items, at, job.request, signal);
    if (job.choice === "remove-orphans")
      return await (action === "take" ? removeHere : removeThere)(ctx, items, at, signal);
    return await (action === "take" ? take : send)(ctx, items, { driver, terms, ask }, onBehalf, signal);
  } catch (error) {
    if (!(error instanceof DriverError) || error.kind === "aborted") throw error;
    return all("failed", error.message);
  }
}

/** Asks members whether they have what is taken from this one: the same server under another entry has it, of course. */
async function askOthers(ctx: Context, memberId: number, open: OpenMember): Promise<AskMember> {
  const same = new Set(await sameServerMembers(ctx.db.client, memberId));
  const ask = fetchThrough(open);
  return async (context, member, names) => (same.has(member.id) ? new Set<string>() : ask(context, member, names));
}

/** Zones as the job may see them. */
async function zonesHere(
  db: Queryable,
  names: readonly string[],
  { job: { accountId } }: Pick<OnBehalf, "job">,
): Promise<ReadonlyMap<string, StoredZone>> {
  const found = await findZones(db, names);
  return accountId === null ? found : new Map([...found].filter(([, zone]) => zone.ownerId === accountId));
}

async function take(
  ctx: Context,
  items: readonly SyncItem[],
  { driver, terms, ask }: OpenedMember,
  onBehalf: OnBehalf,
  signal: AbortSignal,
): Promise<Result[]> {
  const names = items.map(({ zone }) => zone);
  const { stamps, texts } = await fetchStamps(driver, names, signal);
  const here = await zonesHere(ctx.db.client, names, onBehalf);
  const results: Result[] = [];
  const wanted: SyncItem[] = [];
  for (const item of items) {
    if (!terms.receives(here.get(item.zone)?.ownerId ?? newOwnerOf(onBehalf.job)))
      results.push({ item, state: "changed", message: OTHER_TERMS });
    else if ((here.get(item.zone)?.seq ?? 0) !== item.hereSeq)
      results.push({ item, ...movedHere(item, here.get(item.zone)) });
    else if (!sameCopy(stamps.get(item.zone) ?? null, item.there))
      results.push({ item, state: "changed", message: MOVED_THERE });
    else wanted.push(item);
  }
  if (wanted.length === 0) return results;
  if (!(await isApplying(ctx, onBehalf.job.id))) return [];
  const copies = wanted.flatMap(({ zone }) => texts.get(zone) ?? []);
  const originMemberId = wanted[0]?.memberId ?? null;
  const changeSetId = await onBehalf.changeSet();
  const receipt = { items: copies, mode: "newest", originMemberId, changeSetId } as const;
  const outcomes = await receiveUnheld(ctx, onBehalf.actor, receipt, ask);
  const byName = new Map(outcomes.map((outcome) => [outcome.name, outcome]));
  return [...results, ...wanted.map((item) => ({ item, ...takenIn(byName.get(item.zone)) }))];
}

async function send(
  ctx: Context,
  items: readonly SyncItem[],
  { driver, terms }: OpenedMember,
  onBehalf: OnBehalf,
  signal: AbortSignal,
): Promise<Result[]> {
  const names = items.map(({ zone }) => zone);
  // Under serials of its own a target cannot be held to what was planned; its driver looks at every record before it changes one.
  const isByName = driver.capabilities.ownSerials !== undefined;
  const { stamps } = isByName ? { stamps: new Map<string, CopyStamp>() } : await fetchStamps(driver, names, signal);
  const results = await ctx.db.transaction(async (tx) => {
    if (!(await staysIn(tx, onBehalf.job.id, "applying"))) return [];
    const target = await tx.target.findUnique({ where: { memberId: items[0]?.memberId ?? 0 } });
    const here = await zonesHere(tx, names, onBehalf);
    const asked: Result[] = [];
    for (const item of items) {
      const [zone, there] = [here.get(item.zone), stamps.get(item.zone) ?? null];
      if (!target) asked.push({ item, state: "failed", message: "Nothing is sent to this server any more." });
      else if (zone && !terms.sends(zone.ownerId)) asked.push({ item, state: "changed", message: OTHER_TERMS });
      else if (!isWantedHere(item, zone)) asked.push({ item, state: "changed", message: MOVED_HERE });
      else if (isByName) asked.push({ item, state: "sent", seq: zone.seq });
      else if (item.kind !== "again" && sameCopy(there, item.wanted))
        asked.push({ item, state: "done", message: "It was sent meanwhile." });
      else if (!sameCopy(there, item.there)) asked.push({ item, state: "changed", message: MOVED_THERE });
      else asked.push({ item, state: "sent", seq: zone.seq });
    }
    if (target) await request(ctx, tx, target.id, asked, here);
    return asked;
  }, "sync.ask");
  ctx.wake();
  return results;
}

/** The nameserver of this server has no interface that could be asked first: it gets once more what is here. */
async function sendLocally(ctx: Context, items: readonly SyncItem[], onBehalf: OnBehalf): Promise<Result[]> {
  const results = await ctx.db.transaction(async (tx) => {
    if (!(await staysIn(tx, onBehalf.job.id, "applying"))) return [];
    const target = await tx.target.findFirst({ where: { memberId: null } });
    const names = items.map(({ zone }) => zone);
    const here = await zonesHere(tx, names, onBehalf);
    const asked = items.map((item): Result => {
      const zone = here.get(item.zone);
      if (!target) return { item, state: "failed", message: "There is no nameserver on this server." };
      if (!isWantedHere(item, zone)) return { item, state: "changed", message: MOVED_HERE };
      return { item, state: "sent", seq: zone.seq };
    });
    if (target) await request(ctx, tx, target.id, asked, here);
    return asked;
  }, "sync.local");
  ctx.wake();
  return results;
}

function isWantedHere({ wanted }: SyncItem, here: StoredZone | undefined): here is StoredZone {
  if (!here) return false;
  return wanted === null ? here.deletedAt !== null : here.deletedAt === null && isSame(here, wanted);
}

/** Voids what the target acknowledged of these zones and makes them due at once: the engine sends them as it sends everything. */
async function request(
  ctx: Context,
  tx: Queryable,
  targetId: number,
  results: readonly Result[],
  here: ReadonlyMap<string, StoredZone>,
): Promise<void> {
  const isAgain = (result: Result) => result.item.kind === "again";
  for (const isForced of [true, false]) {
    const part = results.filter((result) => result.state === "sent" && isAgain(result) === isForced);
    const zones = part.flatMap(({ item }) => here.get(item.zone) ?? []);
    await makeDue(tx, targetId, zones, { now: ctx.clock.now(), isForced });
  }
}

/** What was done while somebody cancelled the job was done, and says so; what was not is cancelled. */
const isOpen = (state: ItemState) =>
  state === "done" || state === "sent" ? sql`"state" IN ('planned', 'cancelled')` : sql`"state" = 'planned'`;

async function storeResults(ctx: Context, results: readonly Result[]): Promise<void> {
  const at = ctx.clock.now();
  await ctx.db.relaxedTransaction(async (tx) => {
    const alike = new Map<string, Result[]>();
    for (const result of results) {
      const key = JSON.stringify([result.state, result.message]);
      alike.set(key, [...(alike.get(key) ?? []), result]);
    }
    for (const group of alike.values()) {
      const [first] = group;
      if (first && first.state !== "sent")
        await tx.$executeRaw(sql`
          UPDATE "SyncItem" SET "state" = ${first.state}, "message" = ${first.message ?? null}, "at" = ${at}
          WHERE "id" IN (${join(group.map(({ item }) => item.id))}) AND ${isOpen(first.state)}`);
    }
    for (const { item, state, seq } of results)
      if (state === "sent")
        await tx.$executeRaw(sql`
          UPDATE "SyncItem" SET "state" = 'sent', "sentSeq" = ${seq ?? 0}, "at" = ${at} WHERE "id" = ${item.id} AND ${isOpen(state)}`);
  }, "sync.results");
}

interface SettledRow {
  readonly id: number;
  readonly sentSeq: bigint;
  readonly changeSeq: bigint;
  readonly targetId: number | null;
  readonly ackSeq: bigint | null;
  readonly error: string | null;
  /** The removal of a copy was accepted, at a server that is not to have the zone at all. */
  readonly isGone: number | bigint;
  /** The row of a copy that was to be removed was given up. */
  readonly isForgotten: number | bigint;
}

/** Looks what the engine made of what it was asked to send. @returns how many steps ended */
async function settleSent(ctx: Context, jobId: number): Promise<number> {
  const rows = await ctx.db.client.$queryRaw<SettledRow[]>(sql`
    SELECT i."id", i."sentSeq", z."changeSeq", g."id" AS "targetId", t."ackSeq", t."error",
      CASE WHEN ${isGone} THEN 1 ELSE 0 END AS "isGone", CASE WHEN t."zoneId" IS NULL THEN 1 ELSE 0 END AS "isForgotten"
    FROM "SyncItem" i JOIN "Zone" z ON z."name" = i."zone" LEFT JOIN "Target" g ON COALESCE(g."memberId", ${LOCAL}) = i."memberId"
      LEFT JOIN "ZoneTarget" t ON t."zoneId" = z."id" AND t."targetId" = g."id"
    WHERE i."jobId" = ${jobId} AND i."state" = 'sent' AND (g."id" IS NULL OR t."zoneId" IS NULL OR t."ackSeq" = i."sentSeq" OR ${isGone} OR z."changeSeq" <> i."sentSeq"
      OR (t."failedSeq" = i."sentSeq" AND t."errorKind" IS NOT NULL)) LIMIT ${UNDER_WAY}`);
  if (rows.length === 0) return 0;
  const at = ctx.clock.now();
  const done = rows.filter(isDone).map(({ id }) => id);
  await ctx.db.relaxedTransaction(async (tx) => {
    if (done.length > 0)
      await tx.$executeRaw(sql`UPDATE "SyncItem" SET "state" = 'done', "at" = ${at} WHERE "id" IN (${join(done)})`);
    await forgetRemoved(tx, done);
    for (const row of rows.filter((candidate) => !isDone(candidate))) {
      const { state, message } = notDone(row);
      await tx.$executeRaw(
        sql`UPDATE "SyncItem" SET "state" = ${state}, "message" = ${message}, "at" = ${at} WHERE "id" = ${row.id}`,
      );
    }
  }, "sync.settle");
  publish("sync");
  return rows.length;
}

/** What nobody owned and is gone need not wait for the member's next list. */
async function forgetRemoved(tx: RawQueryable, itemIds: readonly number[]): Promise<void> {
  if (itemIds.length === 0) return;
  await tx.$executeRaw(sql`
    DELETE FROM "Orphan" WHERE "side" = 'there' AND EXISTS (SELECT 1 FROM "SyncItem" i
      WHERE i."id" IN (${join([...itemIds])}) AND i."kind" = 'remove' AND i."memberId" = "Orphan"."memberId" AND i."zone" = "Orphan"."zone")`);
}

const isGone = sql`(i."kind" = 'remove' AND t."ackDigest" = '' AND t."failedSeq" IS NULL)`;

const isDone = ({ targetId, ackSeq, sentSeq, isGone }: SettledRow) =>
  targetId !== null && (Number(ackSeq) === Number(sentSeq) || Number(isGone) === 1);

function notDone(row: SettledRow): { state: ItemState; message: string } {
  const { targetId, changeSeq, sentSeq, error } = row;
  if (targetId === null) return { state: "failed", message: "Nothing is sent to this server any more." };
  if (Number(row.isForgotten) === 1) return { state: "changed", message: `${MOVED_THERE} It stays there.` };
  if (Number(changeSeq) !== Number(sentSeq))
    return { state: "changed", message: "A newer change took its place, and is sent instead." };
  return { state: "failed", message: `${error ?? "The server did not accept it."} It is tried again by itself.` };
}

/** A job does not wait for a server that is not reached: the engine has what it was asked for, and brings it when the server is back. */
async function endWhenDone(ctx: Context, jobId: number): Promise<void> {
  const planned = await ctx.db.client.syncItem.count({ where: { jobId, state: "planned" } });
  if (planned > 0 || (await countMoving(ctx, jobId)) > 0) return;
  const data = { state: "done", finishedAt: BigInt(ctx.clock.now()) };
  const applying = { id: jobId, state: "applying" };
  const { count } = await ctx.db.statement((db) => db.syncJob.updateMany({ where: applying, data }), "sync.end");
  if (count > 0) publish("sync");
}
