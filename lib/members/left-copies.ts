import type { Actor } from "@/lib/access/actor";
import { recordAudit } from "@/lib/audit/record";
import type { Context } from "@/lib/context";
import { join, type Queryable, sql } from "@/lib/db/database";
import { toUnicode } from "@/lib/dns/name";
import { AppError } from "@/lib/errors";
import { publish } from "@/lib/live/bus";
import { type Reach, reaches } from "@/lib/sync/reach";
import { memberName } from "./member-name";
import { findMember } from "./queries";
import { reachCondition, readReaches, sameServerMembers } from "./reach";

/**
 * Copies that were left at a member. When a zone is no longer to be there (its account got a cluster of its own, or it belongs to another account now),
 * nothing more is sent and nothing is deleted: the registry may still point at that nameserver, and a zone that vanishes takes its domain with it. The copy
 * grows old, so it is listed until somebody removes it, which goes the way of every deletion.
 */

export interface LeftCopy {
  readonly zoneId: number;
  readonly displayName: string;
  /** Serial that the member holds. */
  readonly serial: number;
  /** Somebody confirmed its removal, which is under way. */
  readonly isWithdrawn: boolean;
  /** Why it is not gone yet. */
  readonly error: string | null;
}

export interface LeftCopies {
  readonly rows: readonly LeftCopy[];
  readonly total: number;
}

/** Shown at a time: the list is there to be emptied. */
const SHOWN = 50;
/** Removed in one go, so that the transaction stays short. */
const REMOVED = 500;

const isLeft = (targetId: number, reach: Reach) => sql`
  FROM "ZoneTarget" zt JOIN "Zone" z ON z."id" = zt."zoneId"
  WHERE zt."targetId" = ${targetId} AND zt."ackDigest" IS NOT NULL AND zt."ackDigest" <> '' AND NOT (${reachCondition(reach)})`;

async function targetOf(db: Queryable, memberId: number): Promise<{ targetId: number; reach: Reach } | null> {
  const target = await db.target.findUnique({ where: { memberId }, select: { id: true } });
  const reach = (await readReaches(db, memberId)).get(memberId)?.reach;
  return target && reach ? { targetId: target.id, reach } : null;
}

/** @throws AppError "not-found" */
export async function leftCopies(ctx: Context, actor: Actor, input: { memberId: number }): Promise<LeftCopies> {
  await findMember(ctx, actor, input.memberId);
  const db = ctx.db.client;
  const found = await targetOf(db, input.memberId);
  // Every zone is to be at a member of root's while nobody has a cluster of their own: there is nothing to look for.
  if (!found || (found.reach.kind === "shared" && found.reach.except.length === 0)) return { rows: [], total: 0 };
  const left = isLeft(found.targetId, found.reach);
  const [[count], rows] = await Promise.all([
    db.$queryRaw<{ n: number | bigint }[]>(sql`SELECT count(*) AS "n" ${left}`),
    db.$queryRaw<
      {
        id: number | bigint;
        name: string;
        serial: bigint | number;
        isWithdrawn: boolean | number;
        error: string | null;
      }[]
    >(
      sql`SELECT z."id", z."name", zt."ackSerial" AS "serial", zt."isWithdrawn", zt."error" ${left} ORDER BY z."name" LIMIT ${SHOWN}`,
    ),
  ]);
  return {
    total: Number(count?.n ?? 0),
    rows: rows.map((row) => ({
      zoneId: Number(row.id),
      displayName: toUnicode(row.name),
      serial: Number(row.serial),
      isWithdrawn: Boolean(row.isWithdrawn),
      error: row.error,
    })),
  };
}

/**
 * Removes copies that were left at a member. A copy that is newer there than what this server sent stays.
 * @param input.zoneIds which; those that are not left there (any more) are passed over
 * @returns how many are on their way
 * @throws AppError "not-found"; "conflict" when another entry of the cluster brings the zone to the same server
 */
export async function removeLeftCopies(
  ctx: Context,
  actor: Actor,
  input: { memberId: number; zoneIds: readonly number[] },
): Promise<{ removed: number }> {
  const member = await findMember(ctx, actor, input.memberId);
  const removed = await ctx.db.transaction(async (tx) => {
    const found = await targetOf(tx, member.id);
    if (!found || input.zoneIds.length === 0) return 0;
    const chosen = await tx.$queryRaw<{ id: number | bigint; name: string; ownerId: number | bigint }[]>(sql`
      SELECT z."id", z."name", z."ownerId" ${isLeft(found.targetId, found.reach)} AND z."id" IN (${join(input.zoneIds.slice(0, REMOVED))})`);
    if (chosen.length === 0) return 0;
    await assertNobodyElseSends(tx, member.id, chosen);
    const ids = chosen.map(({ id }) => Number(id));
    await tx.zoneTarget.updateMany({
      where: { targetId: found.targetId, zoneId: { in: ids } },
      data: { isWithdrawn: true, failedSeq: null, attempts: 0, retryAt: BigInt(ctx.clock.now()) },
    });
    await recordAudit(tx, actor, {
      at: ctx.clock.now(),
      action: "member.remove-copies",
      subject: memberName(member),
      detail: { zones: chosen.map(({ name }) => name) },
    });
    return ids.length;
  });
  publish("cluster");
  ctx.wake();
  return { removed };
}

/** The same server may be in two clusters of this panel: what one entry takes away, the other has brought. */
async function assertNobodyElseSends(
  tx: Queryable,
  memberId: number,
  zones: readonly { ownerId: number | bigint }[],
): Promise<void> {
  const others = await sameServerMembers(tx, memberId);
  if (others.length === 0) return;
  const sending = await tx.target.findMany({ where: { memberId: { in: others } }, select: { memberId: true } });
  const all = await readReaches(tx);
  const reachOfOthers = sending.flatMap((target) => all.get(target.memberId ?? 0)?.reach ?? []);
  if (zones.some((zone) => reachOfOthers.some((reach) => reaches(reach, Number(zone.ownerId)))))
    throw new AppError(
      "conflict",
      "One of these zones is still brought to this server by another entry. Its copy is the one that is served there, and stays.",
    );
}
