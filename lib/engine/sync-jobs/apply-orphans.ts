import type { Actor } from "@/lib/access/actor";
import { actorName } from "@/lib/access/actor";
import type { AskMember } from "@/lib/cluster/ask-member";
import { receiveUnheld } from "@/lib/cluster/receive-unheld";
import type { Context } from "@/lib/context";
import { type Queryable, sql } from "@/lib/db/database";
import { takeSequence } from "@/lib/db/sequence";
import type { CopyStamp } from "@/lib/dns/newest";
import type { Zone } from "@/lib/dns/zone";
import { formatZone } from "@/lib/dns/zone-file";
import type { Driver } from "@/lib/drivers/driver";
import type { MemberRecord } from "@/lib/members/member-row";
import { readReaches, sameServerMembers } from "@/lib/members/reach";
import { ownedHere } from "@/lib/orphans/owned-here";
import { reaches } from "@/lib/sync/reach";
import type { JobRequest, SyncItem } from "@/lib/sync-jobs/job";
import { liesInOthersZone } from "@/lib/zones/assert-addable";
import { makeDue } from "@/lib/zones/make-due";
import { isPublicSuffix } from "@/lib/zones/public-suffix";
import { receiveZones } from "@/lib/zones/receive";
import { removeReceivedZones } from "@/lib/zones/remove-received";
import { findZones, type StoredZone } from "@/lib/zones/zone-row";
import { jobActor } from "./job-scope";
import { isApplying, staysIn } from "./job-state";
import { fetchStamps } from "./read-copies";
import { GONE, MOVED_HERE, MOVED_THERE, movedHere, type Result, sameCopy, takenIn } from "./step-result";

interface At {
  readonly jobId: number;
  readonly member: MemberRecord;
  readonly driver: Driver;
  readonly actor: Actor;
  /** Asks the other members. */
  readonly ask: AskMember;
  readonly changeSet: () => Promise<number>;
}

/** A zone whose copy is held against the recycle bin: whose it is there. */
const ROOT = 1;

/** Takes copies in that nobody owned, for the account that was chosen. */
export async function adopt(
  ctx: Context,
  items: readonly SyncItem[],
  { jobId, member, driver, ask, changeSet }: At,
  { ownerId }: JobRequest,
  signal: AbortSignal,
): Promise<Result[]> {
  const actor = await jobActor(ctx, ownerId);
  if (!actor) return items.map((item) => ({ item, state: "failed", message: "The account is gone." }));
  const names = items.map(({ zone }) => zone);
  const [{ stamps, texts }, here] = [
    await fetchStamps(driver, names, signal),
    await ownedHere(ctx.db.client, member.ownerId, names),
  ];
  const results: Result[] = [];
  const wanted: SyncItem[] = [];
  for (const item of items) {
    const ours = here.get(item.zone);
    const isTheirs = ours?.ownerId === (ownerId ?? ROOT);
    if ((ours?.seq ?? 0) !== item.hereSeq) results.push({ item, ...movedHere(item, isTheirs ? ours : undefined) });
    else if (!sameCopy(stamps.get(item.zone) ?? null, item.there))
      results.push({ item, state: "changed", message: MOVED_THERE });
    else wanted.push(item);
  }
  const copies = wanted.flatMap(({ zone }) => texts.get(zone) ?? []);
  if (copies.length === 0) return results;
  if (!(await isApplying(ctx, jobId))) return [];
  // What comes from a member whose zones are not this account's to take from is as if somebody had brought it along.
  const accepts = (await readReaches(ctx.db.client, member.id)).get(member.id)?.accepts ?? { kind: "none" };
  const originMemberId = reaches(accepts, ownerId ?? ROOT) ? member.id : null;
  const receipt = { items: copies, mode: "newest", originMemberId, changeSetId: await changeSet() } as const;
  // What lies at a member of root's is root's to give away; at the account's own, somebody else in the cluster may have it.
  const outcomes =
    member.ownerId === ownerId
      ? await receiveUnheld(ctx, actor, receipt, ask)
      : await receiveZones(ctx, actor, receipt);
  const byName = new Map(outcomes.map((outcome) => [outcome.name, outcome]));
  return [...results, ...wanted.map((item) => ({ item, ...takenIn(byName.get(item.zone)) }))];
}

/** Puts zones of this server into the recycle bin that the member they came from does not have any more. */
export async function removeHere(
  ctx: Context,
  items: readonly SyncItem[],
  { jobId, member, driver, actor }: At,
  signal: AbortSignal,
): Promise<Result[]> {
  const names = items.map(({ zone }) => zone);
  const [{ texts }, here] = [await fetchStamps(driver, names, signal), await findZones(ctx.db.client, names)];
  if (!(await isApplying(ctx, jobId))) return [];
  const results: Result[] = [];
  const gone: SyncItem[] = [];
  for (const item of items) {
    const ours = here.get(item.zone);
    if (texts.has(item.zone)) results.push({ item, state: "changed", message: "The server has the zone again." });
    // By somebody, or by a server that was stopped before it could note that down.
    else if (!ours || ours.deletedAt !== null) results.push({ item, state: "done", message: GONE });
    else if (ours.seq !== item.hereSeq) results.push({ item, state: "changed", message: MOVED_HERE });
    else gone.push(item);
  }
  if (gone.length > 0) results.push(...(await remove(ctx, gone, here, { member, actor })));
  // What was changed here meanwhile is no longer the member's.
  const listed = { memberId: member.id, side: "here", zone: { in: names } };
  await ctx.db.statement((db) => db.orphan.deleteMany({ where: listed }), "orphans.removed");
  return results;
}

async function remove(
  ctx: Context,
  gone: readonly SyncItem[],
  here: ReadonlyMap<string, StoredZone>,
  { member, actor }: Pick<At, "member" | "actor">,
): Promise<Result[]> {
  const stamps = new Map<string, CopyStamp>(
    gone.flatMap(({ zone }) => here.get(zone) ?? []).map((zone) => [zone.name, zone]),
  );
  const outcomes = await removeReceivedZones(ctx, actor, {
    ...{ names: gone.map(({ zone }) => zone), originMemberId: member.id, mode: "newest", stamps },
  });
  const byName = new Map(outcomes.map((outcome) => [outcome.name, outcome]));
  return gone.map((item): Result => {
    const outcome = byName.get(item.zone);
    if (outcome?.status === "refused") return { item, state: "failed", message: outcome.message };
    return outcome?.status === "newer-here" ? { item, state: "changed", message: MOVED_HERE } : { item, state: "done" };
  });
}

/**
 * Has copies that nobody owns removed at a member. The engine sends the removal, of the very copy that was looked at: it reads it once more right before.
 * A zone that never was here rests in the recycle bin from then on, as it was there, so that it can be brought back.
 */
export async function removeThere(
  ctx: Context,
  items: readonly SyncItem[],
  { jobId, member, driver, actor }: At,
  signal: AbortSignal,
): Promise<Result[]> {
  const names = items.map(({ zone }) => zone);
  const { stamps, zones } = await fetchStamps(driver, names, signal);
  const results = await ctx.db.transaction(async (tx) => {
    if (!(await staysIn(tx, jobId, "applying"))) return [];
    // Two numbers for each zone that is not known here yet; nothing changes in between.
    const first = await takeSequence(tx, 2 * items.length);
    const target = await tx.target.findUnique({ where: { memberId: member.id } });
    const [here, owned] = [await findZones(tx, names), await ownedHere(tx, member.ownerId, names)];
    const asked: Result[] = [];
    for (const [index, item] of items.entries()) {
      const [ours, there] = [here.get(item.zone), stamps.get(item.zone) ?? null];
      if (target && ours && (await isUnderWay(tx, target.id, ours, item))) {
        asked.push({ item, state: "sent", seq: ours.seq });
        continue;
      }
      const hereSeq = owned.get(item.zone)?.seq ?? 0;
      const refusal = await whyNot(tx, member, item, { ours, hereSeq, there, isTarget: target !== null });
      if (refusal) asked.push({ item, ...refusal });
      else if (!target || (there === null && !ours)) asked.push({ item, state: "done", message: GONE });
      else if (there === null && ours) {
        await makeDue(tx, target.id, [ours], { now: ctx.clock.now(), isForced: true });
        asked.push({ item, state: "sent", seq: ours.seq });
      } else if (there !== null) {
        const zone =
          ours ?? (await rest(ctx, tx, actor, { member, seq: first + 2 * index, there, copy: zones.get(item.zone) }));
        if (zone) await withdraw(tx, target.id, zone, there, ctx.clock.now());
        asked.push(zone ? { item, state: "sent", seq: zone.seq } : { item, state: "failed", message: MOVED_THERE });
      }
    }
    return asked;
  }, "sync.remove");
  ctx.wake();
  return results;
}

/** It was asked for before, by a server that was stopped before it could note that down. */
async function isUnderWay(tx: Queryable, targetId: number, ours: StoredZone, { there }: SyncItem): Promise<boolean> {
  const asked = { zoneId: ours.id, targetId, isWithdrawn: true, ackDigest: there?.digest ?? "" };
  return there !== null && (await tx.zoneTarget.count({ where: { ...asked, ackSerial: BigInt(there.serial) } })) > 0;
}

interface Standing {
  /** Whoever's it is. */
  readonly ours: StoredZone | undefined;
  /** Of the zone as whoever has the member may know it. */
  readonly hereSeq: number;
  readonly there: CopyStamp | null;
  readonly isTarget: boolean;
}

async function whyNot(
  tx: Queryable,
  member: MemberRecord,
  item: SyncItem,
  { ours, hereSeq, there, isTarget }: Standing,
): Promise<Pick<Result, "state" | "message"> | null> {
  if (item.kind === "remove" && there === null) return { state: "done", message: GONE };
  if (hereSeq !== item.hereSeq) return { state: "changed", message: MOVED_HERE };
  if (item.kind === "again" ? there !== null : there !== null && !sameCopy(there, item.there))
    return { state: "changed", message: MOVED_THERE };
  if (!isTarget) return { state: "failed", message: "Nothing is sent to this server: its DNS role is Standalone." };
  if (!ours || ours.deletedAt !== null) return null;
  const others = await sameServerMembers(tx, member.id);
  const all = await readReaches(tx);
  const isBrought = [member.id, ...others].some((id) => {
    const reach = all.get(id)?.reach;
    return reach !== undefined && reaches(reach, ours.ownerId);
  });
  return isBrought
    ? { state: "failed", message: "The zone is still brought to this server by an entry of the cluster." }
    : null;
}

/** Stores a copy that is about to go as a zone in the recycle bin of whoever has the member. */
async function rest(
  ctx: Context,
  tx: Queryable,
  actor: Actor,
  found: { member: MemberRecord; seq: number; there: CopyStamp; copy: Zone | undefined },
): Promise<{ id: number; seq: number } | null> {
  const { member, seq, there, copy } = found;
  if (!copy) return null;
  const [now, text, who] = [ctx.clock.now(), formatZone(copy), actorName(actor)];
  const records = copy.rrsets.reduce((sum, { rdatas }) => sum + rdatas.length, 0);
  const owner = await tx.user.findUnique({ where: { id: member.ownerId }, select: { role: true } });
  // Brought back, it would take names away from whoever has the zone above it, or has names below it.
  const isBarred =
    owner?.role === "reseller" &&
    (isPublicSuffix(copy.apex) || (await liesInOthersZone(tx, member.ownerId, copy.apex)));
  const [ownerId, purgedAt] = isBarred ? [ROOT, now] : [member.ownerId, null];
  const [row] = await tx.$queryRaw<{ id: number | bigint }[]>(sql`
    INSERT INTO "Zone" ("name", "ownerId", "changeSeq", "serial", "digest", "recordCount", "updatedAt", "createdAt", "deletedAt", "purgedAt")
    VALUES (${copy.apex}, ${ownerId}, ${seq + 1}, ${there.serial}, ${there.digest}, 0, ${there.updatedAt}, ${now}, ${now}, ${purgedAt})
    ON CONFLICT ("name") DO NOTHING RETURNING "id"`);
  if (!row) return null;
  const id = Number(row.id);
  if (isBarred) return { id, seq: seq + 1 };
  const states = [
    { seq, text, count: records, kind: "receive", reason: "As it was at the cluster member" },
    { seq: seq + 1, text: "", count: 0, kind: "delete", reason: "Removed at the cluster member: nobody owned it" },
  ];
  for (const state of states)
    await tx.$executeRaw(sql`
      INSERT INTO "Revision" ("seq", "zoneId", "serial", "digest", "text", "recordCount", "kind", "actorName", "reason", "createdAt")
      VALUES (${state.seq}, ${id}, ${there.serial}, ${there.digest}, ${state.text}, ${state.count}, ${state.kind}, ${who}, ${state.reason}, ${now})`);
  return { id, seq: seq + 1 };
}

/** Makes the removal of the very copy that is there due. A zone that was never accepted there has no ackAt: see the store. */
async function withdraw(
  tx: Queryable,
  targetId: number,
  zone: { id: number; seq: number },
  { serial, digest }: CopyStamp,
  now: number,
): Promise<void> {
  await tx.$executeRaw(sql`
    INSERT INTO "ZoneTarget" ("zoneId", "targetId", "ackSeq", "ackSerial", "ackDigest", "verifyAttempts", "failedSeq", "attempts", "retryAt", "isWithdrawn")
    VALUES (${zone.id}, ${targetId}, 0, ${serial}, ${digest}, 0, ${zone.seq}, 0, ${now}, ${true})
    ON CONFLICT ("zoneId", "targetId") DO UPDATE SET "ackSeq" = 0, "ackSerial" = excluded."ackSerial", "ackDigest" = excluded."ackDigest", "verifySeq" = NULL,
      "verifyAt" = NULL, "failedSeq" = excluded."failedSeq", "attempts" = 0, "retryAt" = excluded."retryAt", "errorKind" = NULL, "error" = NULL, "isWithdrawn" = excluded."isWithdrawn"`);
}
