import { createHash, type Hash } from "node:crypto";
import type { Context } from "@/lib/context";
import { empty, join, sql } from "@/lib/db/database";
import type { Driver } from "@/lib/drivers/driver";
import { DriverError } from "@/lib/errors";
import { publish } from "@/lib/live/bus";
import { memberName } from "@/lib/members/member-name";
import type { openMemberDriver } from "@/lib/members/open-driver";
import { type CopyThere, planZone } from "@/lib/sync/plan";
import { hasLostZones } from "@/lib/sync/plan-marks";
import { jobOf, type PlannedMember, type SyncJob } from "@/lib/sync-jobs/job";
import { bound } from "@/lib/sync-jobs/plan-hash";
import { isEverywhere, LOCAL, LOCAL_NAME } from "@/lib/sync-jobs/schemas";
import { createOrphanScan } from "../orphans/scan";
import { createSlots } from "../slots";
import { type DoubtfulZones, doubtfulZones, NOTHING_DOUBTFUL } from "./doubtful-zones";
import { finishPlan } from "./finish-plan";
import { type JobMember, jobMembers, newOwnerOf } from "./job-scope";
import { type NewItem, planItems, problemItem, type ZonePlan } from "./plan-items";
import { planOrphans } from "./plan-orphans";
import { type CopiesThere, readCopies, readHere, type ZoneHere } from "./read-copies";
import { dropItems, PlanGone, storeItems } from "./store-plan";

type Member = Parameters<typeof openMemberDriver>[1];

/** An open driver of a member; kept open by whoever opened it. @throws DriverError */
export type OpenMember = (ctx: Context, member: Member) => Promise<Driver>;

/** Members that are asked at a time. */
const WIDTH = 8;
/** Zones whose differences are worked out, and stored, at a time. */
const SLICE = 100;
/** In the list of servers that were asked. */
const LOCAL_MEMBER: PlannedMember = {
  ...{ id: LOCAL, name: LOCAL_NAME, role: "", zones: null, problem: null, hasLostZones: false, isShared: false },
  note: "What it serves otherwise is sent to it again.",
};

interface Asked extends JobMember {
  readonly planned: PlannedMember;
  /** null: it could not be asked. */
  readonly found: { readonly driver: Driver; readonly copies: CopiesThere } | null;
}

/**
 * Makes the plan of a job: asks every member what it holds, compares, and stores what would be done. Nothing is changed anywhere. Begins from the start when
 * it was broken off before; does nothing when it is made already.
 * @throws DriverError when a member that answered first no longer does
 */
export async function planJob(ctx: Context, row: { id: number }, open: OpenMember, signal: AbortSignal): Promise<void> {
  const job = jobOf(await ctx.db.client.syncJob.findUniqueOrThrow({ where: { id: row.id } }));
  if (!(await dropItems(ctx, job.id, "planning"))) return;
  if (job.choice === "remove-orphans" || job.choice === "adopt-orphans") return planOrphans(ctx, job, open, signal);
  const here = await readHere(ctx, job.zone, job.accountId);
  const members = await jobMembers(ctx, job, here);
  const inTurn = createSlots(WIDTH);
  const asked = await Promise.all(
    members.map((member) => inTurn(() => askMember(ctx, job, here, member, open, signal))),
  );
  // Its own nameserver is told, not asked: what it holds is what it is seen to serve.
  const isLocal = job.choice === "repair" && (job.memberId ?? LOCAL) === LOCAL;
  const looked = [...(isLocal ? [LOCAL] : []), ...asked.flatMap(({ found, member }) => (found ? member.id : []))];
  const doubtful = job.choice === "repair" ? await doubtfulZones(ctx, job, looked) : NOTHING_DOUBTFUL;
  const hash = createHash("sha256");
  try {
    const count = await storePlan(ctx, job, { here, asked, doubtful }, hash, signal);
    const members = [...(isLocal ? [LOCAL_MEMBER] : []), ...asked.map(({ planned }) => planned)];
    const made = { members, compared: comparedZones(here, asked), hash: hash.digest("hex"), count };
    await finishPlan(ctx, job, { ...made, error: whyFailed(job, members) });
  } catch (error) {
    if (!(error instanceof PlanGone)) throw error;
    await dropItems(ctx, job.id, "cancelled");
  }
  publish("sync");
}

async function askMember(
  ctx: Context,
  job: SyncJob,
  here: ReadonlyMap<string, ZoneHere>,
  asked: JobMember,
  open: OpenMember,
  signal: AbortSignal,
): Promise<Asked> {
  const { member, terms, isShared, roleNote } = asked;
  const base = { id: member.id, name: memberName(member), role: member.role, isShared };
  try {
    const driver = await open(ctx, member);
    const { read, ownSerials } = driver.capabilities;
    if (!read.supported) throw new DriverError("unsupported", base.name, "list", read.reason);
    const addMissing = job.addMissing && !isShared;
    const bounds = { addMissing, newOwner: newOwnerOf(job), everywhere: isEverywhere(job.choice) };
    // Whoever asks a member for all its zones finds those that nobody owns.
    const scan = job.zone === null ? await createOrphanScan(ctx, member) : null;
    const onListed = scan ? { onListed: scan.page } : {};
    const copies = await readCopies(driver, here, { only: job.zone, terms, ...bounds, ...onListed }, signal);
    await scan?.finish();
    const hasLost = job.zone === null && (await lostZones(ctx, job, member.id, copies));
    const note = ownSerials ? `Compared by name only: ${ownSerials.reason}` : roleNote;
    // How many zones root's members hold is not the account's to know: of its own they tell.
    const zones = isShared && copies.zones !== null ? copies.known : copies.zones;
    const planned = { ...base, zones, problem: null, note, hasLostZones: hasLost };
    return { ...asked, planned, found: { driver, copies } };
  } catch (error) {
    if (!(error instanceof DriverError) || error.kind === "aborted") throw error;
    return {
      ...asked,
      planned: { ...base, zones: null, problem: error.message, note: null, hasLostZones: false },
      found: null,
    };
  }
}

/** Whether a member lists far fewer zones than it acknowledged, or than it listed when it was asked the last time. */
async function lostZones(ctx: Context, job: SyncJob, memberId: number, copies: CopiesThere): Promise<boolean> {
  const [row] = await ctx.db.client.$queryRaw<{ count: number | bigint }[]>(sql`
    SELECT count(*) AS "count" FROM "ZoneTarget" t JOIN "Target" g ON g."id" = t."targetId" JOIN "Zone" z ON z."id" = t."zoneId"
    WHERE g."memberId" = ${memberId} AND z."deletedAt" IS NULL AND t."ackSerial" IS NOT NULL AND t."ackDigest" <> ''
      ${job.accountId === null ? empty : sql`AND z."ownerId" = ${job.accountId}`}`);
  const last = await ctx.db.client.syncJob.findFirst({
    where: {
      ...{ id: { lt: job.id }, accountId: job.accountId, zone: null, plannedAt: { not: null } },
      choice: { in: ["all-here", "all-everywhere", "repair"] },
    },
    orderBy: { id: "desc" },
  });
  const before = last ? jobOf(last).members.find(({ id }) => id === memberId)?.zones : null;
  return hasLostZones(Number(row?.count ?? 0), copies.known) || hasLostZones(before ?? 0, copies.zones ?? 0);
}

function comparedZones(here: ReadonlyMap<string, ZoneHere>, asked: readonly Asked[]): number {
  let compared = 0;
  for (const { isDeleted } of here.values()) if (!isDeleted) compared++;
  const elsewhere = new Set<string>();
  for (const { found } of asked)
    for (const [name, copy] of found?.copies.differing ?? []) if (copy && !here.has(name)) elsewhere.add(name);
  return compared + elsewhere.size;
}

/** What a plan is made of. */
interface Compared {
  readonly here: ReadonlyMap<string, ZoneHere>;
  readonly asked: readonly Asked[];
  readonly doubtful: DoubtfulZones;
}

/** @returns how many steps there are, those about which nothing can be done included */
async function storePlan(
  ctx: Context,
  job: SyncJob,
  { here, asked, doubtful }: Compared,
  hash: Hash,
  signal: AbortSignal,
): Promise<number> {
  const names = new Set<string>(doubtful.names);
  for (const { found } of asked) {
    for (const name of found?.copies.differing.keys() ?? []) names.add(name);
    for (const name of found?.copies.unreadable.keys() ?? []) names.add(name);
  }
  const sorted = [...names].sort();
  const drivers = new Map(asked.flatMap(({ member, found }) => (found ? [[member.id, found.driver] as const] : [])));
  const lossy = new Set(asked.filter(({ planned }) => planned.hasLostZones).map(({ member }) => member.id));
  let count = 0;
  for (let at = 0; at < sorted.length; at += SLICE) {
    signal.throwIfAborted();
    const part = sorted.slice(at, at + SLICE);
    const sent = await sentZones(ctx, part, here);
    const plans = part.map((name) => planOf(name, here.get(name) ?? null, job, { here, asked, doubtful }, sent));
    const items = [
      ...(await planItems(
        ctx,
        drivers,
        plans.filter(({ steps }) => steps.length > 0),
        lossy,
        signal,
      )),
      ...part.flatMap((name) => unreadableItems(name, here.get(name) ?? null, asked)),
    ];
    for (const item of items) hash.update(JSON.stringify(bound(item)));
    await storeItems(ctx, job.id, items);
    count += items.length;
    publish("sync");
  }
  return count;
}

function planOf(
  name: string,
  here: ZoneHere | null,
  job: SyncJob,
  { asked, doubtful }: Compared,
  sent: ReadonlySet<string>,
): ZonePlan {
  const { choice, addMissing } = job;
  const there = asked.flatMap(({ member, terms, isShared, found }): CopyThere[] => {
    if (!found || found.copies.unreadable.has(name)) return [];
    // It was not asked about this one. The engine sends it there once it is here.
    if (isShared && !here) return [];
    const ownerId = here?.ownerId ?? newOwnerOf(job);
    const [receives, sends] = [terms.receives(ownerId), terms.sends(ownerId)];
    const { differing } = found.copies;
    // What is not noted as different is as it is here; zones that are not here are all noted.
    const copy = differing.has(name) ? (differing.get(name) ?? null) : here && !here.isDeleted ? here : null;
    const isDoubtful = doubtful.has(member.id, name);
    return [{ memberId: member.id, copy, receives, sends, wasSent: sent.has(`${member.id} ${name}`), isDoubtful }];
  });
  if (here && doubtful.has(LOCAL, name)) {
    const copy = here.isDeleted ? null : here;
    there.unshift({ memberId: LOCAL, copy, receives: false, sends: true, wasSent: true, isDoubtful: true });
  }
  return { name, here, steps: planZone(here, there, { everywhere: isEverywhere(choice), addMissing }) };
}

function unreadableItems(name: string, here: ZoneHere | null, asked: readonly Asked[]): NewItem[] {
  return asked.flatMap(({ member, found }) => {
    const problem = found?.copies.unreadable.get(name);
    return problem === undefined ? [] : [problemItem(name, here, member.id, problem)];
  });
}

/** Which deleted zones of a slice were ever sent to which member: "member zone". */
export async function sentZones(
  ctx: Context,
  names: readonly string[],
  here: ReadonlyMap<string, ZoneHere>,
): Promise<Set<string>> {
  const deleted = names.filter((name) => here.get(name)?.isDeleted);
  if (deleted.length === 0) return new Set();
  const rows = await ctx.db.client.$queryRaw<{ memberId: number | bigint; name: string }[]>(sql`
    SELECT g."memberId", z."name" FROM "ZoneTarget" t JOIN "Target" g ON g."id" = t."targetId" JOIN "Zone" z ON z."id" = t."zoneId"
    WHERE z."name" IN (${join(deleted)}) AND g."memberId" IS NOT NULL`);
  return new Set(rows.map(({ memberId, name }) => `${memberId} ${name}`));
}

function whyFailed(job: SyncJob, members: readonly PlannedMember[]): string | null {
  if (members.length === 0) return nobodyToAsk(job);
  return members.every(({ problem }) => problem !== null) ? "No server could be asked what it holds." : null;
}

function nobodyToAsk({ accountId, zone }: SyncJob): string {
  return accountId !== null && zone !== null
    ? "The account has no such zone here, and there is no server in its own cluster that could have it."
    : "There is no server in the cluster to synchronize with.";
}
