import type { Context } from "@/lib/context";
import { diffZones } from "@/lib/dns/diff";
import type { Zone } from "@/lib/dns/zone";
import { parseCanonicalZone } from "@/lib/dns/zone-file";
import { DriverError } from "@/lib/errors";
import { publish } from "@/lib/live/bus";
import { memberName } from "@/lib/members/member-name";
import type { MemberRecord } from "@/lib/members/member-row";
import type { OrphanRow } from "@/lib/orphans/owned-here";
import { ownedHere } from "@/lib/orphans/owned-here";
import { diffMarks } from "@/lib/sync/plan-marks";
import type { PlannedMember, SyncJob } from "@/lib/sync-jobs/job";
import { planHash } from "@/lib/sync-jobs/plan-hash";
import type { StoredZone } from "@/lib/zones/zone-row";
import { finishPlan } from "./finish-plan";
import { type NewItem, problemItem } from "./plan-items";
import type { OpenMember } from "./plan-job";
import { fetchStamps } from "./read-copies";
import { dropItems, PlanGone, storeItems } from "./store-plan";

interface Found {
  readonly planned: PlannedMember;
  readonly items: readonly NewItem[];
}

/**
 * Plans what becomes of zones that nobody owns, as somebody chose: each copy is read again, and the step is bound to the very one that is there now. A copy
 * that cannot be read is not touched.
 */
export async function planOrphans(ctx: Context, job: SyncJob, open: OpenMember, signal: AbortSignal): Promise<void> {
  const rows = await ctx.db.client.orphan.findMany({
    where: { id: { in: job.request.orphans } },
    orderBy: [{ memberId: "asc" }, { zone: "asc" }],
  });
  const members = await ctx.db.client.member.findMany({
    where: {
      id: { in: [...new Set(rows.map(({ memberId }) => memberId))] },
      ...(job.accountId === null ? {} : { ownerId: job.accountId }),
    },
    orderBy: { id: "asc" },
  });
  const found: Found[] = [];
  for (const member of members)
    found.push(
      await planMember(
        ctx,
        job,
        member,
        rows.filter(({ memberId }) => memberId === member.id),
        open,
        signal,
      ),
    );
  const items = found.flatMap((part) => part.items);
  try {
    await storeItems(ctx, job.id, items);
    const asked = found.map(({ planned }) => planned);
    const isUnasked = asked.every(({ problem }) => problem !== null);
    const error = isUnasked ? "No server could be asked what it holds." : null;
    await finishPlan(ctx, job, {
      ...{ members: asked, compared: rows.length, hash: planHash(items), count: items.length, error },
    });
  } catch (error) {
    if (!(error instanceof PlanGone)) throw error;
    await dropItems(ctx, job.id, "cancelled");
  }
  publish("sync");
}

async function planMember(
  ctx: Context,
  job: SyncJob,
  member: MemberRecord,
  rows: readonly OrphanRow[],
  open: OpenMember,
  signal: AbortSignal,
): Promise<Found> {
  const base = { id: member.id, name: memberName(member), role: member.role, zones: null, isShared: false };
  // Whoever removes there is not asked which copy: between our last look and the removal a change would go with it.
  const note = job.choice === "remove-orphans" && member.serverId === null ? UNCONDITIONAL : null;
  const planned = { ...base, note, hasLostZones: false };
  try {
    const driver = await open(ctx, member);
    const names = rows.map(({ zone }) => zone);
    const { stamps, zones, problems } = await fetchStamps(driver, names, signal);
    const isAdopted = job.choice === "adopt-orphans";
    const here = await ownedHere(ctx.db.client, member.ownerId, names);
    const items: NewItem[] = [];
    for (const row of rows) {
      const [stamp, zone, ours] = [stamps.get(row.zone), zones.get(row.zone), here.get(row.zone)];
      const known = { zone: row.zone, memberId: member.id, hereSeq: ours?.seq ?? 0 };
      const problem = problems.get(row.zone);
      if (problem !== undefined)
        items.push({ ...problemItem(row.zone, null, member.id, problem), hereSeq: known.hereSeq });
      else if (row.side === "here") items.push(...(await lostHere(ctx, known, ours, stamp !== undefined)));
      else if (ours && ours.deletedAt === null) continue;
      else if (!stamp) items.push(...(ours && row.kind === "answers" && !isAdopted ? [againItem(known)] : []));
      else if (isAdopted)
        items.push({
          ...known,
          ...NEW,
          action: "take",
          kind: "add",
          there: stamp,
          wanted: stamp,
          records: recordsOf(zone),
        });
      else {
        const own = row.kind === "own" || (await isAnothersOwn(ctx, row));
        const marks = [...removalMarks(row.zone, zone), ...(own ? (["own-zone"] as const) : [])];
        items.push({
          ...known,
          ...NEW,
          action: "send",
          kind: "remove",
          there: stamp,
          wanted: null,
          records: recordsOf(zone),
          marks,
        });
      }
    }
    return { planned: { ...planned, problem: null }, items };
  } catch (error) {
    if (!(error instanceof DriverError) || error.kind === "aborted") throw error;
    return { planned: { ...planned, problem: error.message }, items: [] };
  }
}

const UNCONDITIONAL =
  "A cPanel & WHM server removes whatever it has: each copy is read once more right before, and stays when it is another one by then.";

const NEW = { marks: [], diff: null, state: "planned", message: null } as const;

type Known = Pick<NewItem, "zone" | "memberId" | "hereSeq">;

const recordsOf = (zone: Zone | undefined) => zone?.rrsets.reduce((sum, { rdatas }) => sum + rdatas.length, 0) ?? 0;

const removalMarks = (apex: string, zone: Zone | undefined) =>
  zone ? diffMarks(apex, diffZones(zone, null), recordsOf(zone)) : (["large-change"] as const);

/** Deleted on both sides, and answered for all the same. */
function againItem(known: Known): NewItem {
  return { ...known, ...NEW, action: "send", kind: "again", there: null, wanted: null, records: 0 };
}

/** A zone here that the member it came from does not have (any more): it is put into the recycle bin, as if the member's deletion had come. */
async function lostHere(
  ctx: Context,
  known: Known,
  ours: StoredZone | undefined,
  isThere: boolean,
): Promise<NewItem[]> {
  if (isThere || !ours || ours.deletedAt !== null || ours.originMemberId !== known.memberId) return [];
  const revision = await ctx.db.client.revision.findUnique({
    where: { seq: BigInt(ours.seq) },
    select: { text: true },
  });
  const zone = revision ? parseCanonicalZone(revision.text, known.zone) : undefined;
  const marks = [...removalMarks(known.zone, zone)];
  return [
    { ...known, ...NEW, action: "take", kind: "remove", there: null, wanted: null, records: ours.recordCount, marks },
  ];
}

/** Another member, which has zones of its own, holds it: it is most likely that server's. */
async function isAnothersOwn(ctx: Context, { memberId, zone }: OrphanRow): Promise<boolean> {
  const others = { zone, side: "there", kind: "own", NOT: { memberId } };
  return (await ctx.db.client.orphan.count({ where: others })) > 0;
}
