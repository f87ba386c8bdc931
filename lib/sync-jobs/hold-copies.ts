import { actorName, engineActor } from "@/lib/access/actor";
import { recordAudit } from "@/lib/audit/record";
import type { Context } from "@/lib/context";
import { join, type Queryable, sql } from "@/lib/db/database";
import { diffZones } from "@/lib/dns/diff";
import type { CopyStamp } from "@/lib/dns/newest";
import { parseCanonicalZone } from "@/lib/dns/zone-file";
import { publish } from "@/lib/live/bus";
import { memberName } from "@/lib/members/member-name";
import { diffMarks, type PlanMark } from "@/lib/sync/plan-marks";
import type { CopyToTake } from "@/lib/zones/receive";
import { askApproval } from "./approval";
import { itemOf, type PlannedMember } from "./job";
import { planHash, shownDiff } from "./plan-hash";

/**
 * Copies that this server fetched by itself and that would do harm to zones here are not taken in: in the transaction that would have stored them they become
 * a plan that waits for approval, one for each member. The zones stay as they are meanwhile. What was rejected is not asked for again, unless it changes.
 * @param isLossy the member suddenly holds far fewer zones than it is known to have had: everything that comes from it waits
 * @returns asked in that transaction which of the copies wait, by name
 */
export function holdCopies(ctx: Context, memberId: number, { isLossy }: { isLossy: boolean }) {
  return async (tx: Queryable, copies: readonly CopyToTake[]): Promise<ReadonlySet<string>> => {
    const texts = await textsHere(tx, copies);
    const held = copies.flatMap((copy): Held[] => {
      const before = texts.get(copy.here.seq);
      const [old, fresh] = [
        before === undefined ? null : parseCanonicalZone(before, copy.name),
        parseCanonicalZone(copy.text, copy.name),
      ];
      const diff = old && diffZones(old, fresh);
      const records = old?.rrsets.reduce((sum, { rdatas }) => sum + rdatas.length, 0) ?? 0;
      const marks: PlanMark[] = [
        ...(diff ? diffMarks(copy.name, diff, records) : []),
        ...(isLossy ? (["few-zones"] as const) : []),
      ];
      return marks.length === 0 ? [] : [{ copy, marks, diff: shownDiff(diff) }];
    });
    if (held.length > 0) await storeHeld(ctx, tx, memberId, held, isLossy);
    return new Set(held.map(({ copy }) => copy.name));
  };
}

interface Held {
  readonly copy: CopyToTake;
  readonly marks: readonly PlanMark[];
  readonly diff: ReturnType<typeof shownDiff>;
}

async function textsHere(tx: Queryable, copies: readonly CopyToTake[]): Promise<Map<number, string>> {
  const rows = await tx.$queryRaw<{ seq: number | bigint; text: string }[]>(
    sql`SELECT "seq", "text" FROM "Revision" WHERE "seq" IN (${join(copies.map(({ here }) => here.seq))})`,
  );
  return new Map(rows.map(({ seq, text }) => [Number(seq), text]));
}

const stampText = ({ serial, updatedAt, digest }: CopyStamp) => JSON.stringify({ serial, digest, updatedAt });

async function storeHeld(
  ctx: Context,
  tx: Queryable,
  memberId: number,
  held: readonly Held[],
  isLossy: boolean,
): Promise<void> {
  // A write first: a plan that is agreed to meanwhile takes no further copies in.
  const ready = { choice: "held-copies", memberId, state: "ready" };
  await tx.syncJob.updateMany({ where: ready, data: { state: "ready" } });
  const fresh = await withoutKnown(tx, memberId, held);
  const underWay = await tx.syncJob.findFirst({
    where: { choice: "held-copies", memberId, state: { in: ["applying", "paused"] } },
  });
  const member = await tx.member.findUnique({ where: { id: memberId } });
  // One that is carried out is waited for: what is still newer then is found again.
  if (fresh.length === 0 || underWay || !member) return;
  const now = ctx.clock.now();
  const owner = await tx.user.findUnique({ where: { id: member.ownerId }, select: { role: true } });
  const asked: PlannedMember = {
    ...{ id: memberId, name: memberName(member), role: member.role, zones: null, problem: null, note: null },
    ...{ hasLostZones: isLossy, isShared: false },
  };
  const open = await tx.syncJob.findFirst({ where: ready });
  const job =
    open ??
    (await tx.syncJob.create({
      data: {
        ...{ choice: "held-copies", memberId, accountId: owner?.role === "reseller" ? member.ownerId : null },
        ...{ state: "ready", actorName: actorName(engineActor), createdAt: BigInt(now), plannedAt: BigInt(now) },
      },
    }));
  const names = fresh.map(({ copy }) => copy.name);
  await tx.syncItem.deleteMany({ where: { jobId: job.id, zone: { in: names } } });
  await tx.syncItem.createMany({
    data: fresh.map(({ copy, marks, diff }) => ({
      ...{ jobId: job.id, zone: copy.name, memberId, action: "take", kind: "change", state: "planned" },
      ...{ there: stampText(copy), wanted: stampText(copy), hereSeq: BigInt(copy.here.seq), records: copy.recordCount },
      ...{ marks: JSON.stringify(marks), diff: diff === null ? null : JSON.stringify(diff) },
    })),
  });
  const rows = await tx.syncItem.findMany({ where: { jobId: job.id }, orderBy: [{ zone: "asc" }, { id: "asc" }] });
  const data = { planHash: planHash(rows.map(itemOf)), compared: rows.length, members: JSON.stringify([asked]) };
  await tx.syncJob.update({ where: { id: job.id }, data });
  await askApproval(tx, ctx, job);
  const detail = { job: job.id, zones: names.slice(0, 20), count: names.length };
  await recordAudit(tx, engineActor, { at: now, action: "sync.hold", subject: memberName(member), detail });
  publish("sync");
}

/** Without the copies that wait already, or were rejected, just as they are. */
async function withoutKnown(tx: Queryable, memberId: number, held: readonly Held[]): Promise<Held[]> {
  const rows = await tx.$queryRaw<{ zone: string; there: string; hereSeq: number | bigint }[]>(sql`
    SELECT i."zone", i."there", i."hereSeq" FROM "SyncItem" i JOIN "SyncJob" j ON j."id" = i."jobId"
    WHERE j."choice" = 'held-copies' AND j."memberId" = ${memberId} AND i."zone" IN (${join(held.map(({ copy }) => copy.name))})
      AND (j."state" IN ('ready', 'applying', 'paused') OR j."approval" = 'rejected')`);
  const keyOf = (zone: string, there: string, hereSeq: number) => `${zone} ${there} ${hereSeq}`;
  const known = new Set(rows.map(({ zone, there, hereSeq }) => keyOf(zone, there, Number(hereSeq))));
  return held.filter(({ copy }) => !known.has(keyOf(copy.name, stampText(copy), copy.here.seq)));
}
