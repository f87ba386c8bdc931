import { type Actor, actorId, actorName } from "@/lib/access/actor";
import { authorize } from "@/lib/access/authorize";
import { recordAudit } from "@/lib/audit/record";
import { type Met, recordConflicts } from "@/lib/conflicts/record";
import type { Context } from "@/lib/context";
import { join, type RawQueryable, sql } from "@/lib/db/database";
import { takeSequence } from "@/lib/db/sequence";
import { type CopyStamp, compareCopies } from "@/lib/dns/newest";
import { publishZones } from "@/lib/live/publish-zones";
import { readReaches } from "@/lib/members/reach";
import { reaches } from "@/lib/sync/reach";
import { type Contest, markContested, readMeetings } from "./meetings";
import { newerHere } from "./newer-here";
import { type Origin, originOf, type Sender } from "./writers";
import { findZones, ROWS, type StoredZone } from "./zone-row";

/** What became of one zone that a member asked to remove. */
export type RemoveOutcome =
  | { readonly name: string; readonly status: "deleted" | "absent" }
  /** Ours was changed after what the member deleted: here it is. */
  | { readonly name: string; readonly status: "newer-here"; readonly text: string; readonly updatedAt: number }
  | { readonly name: string; readonly status: "refused"; readonly message: string };

interface Removal {
  readonly names: readonly string[];
  readonly originMemberId: number | null;
  readonly sender?: Sender | null;
  readonly mode?: "newest" | "overwrite";
  readonly stamps?: ReadonlyMap<string, CopyStamp>;
}

/**
 * Puts zones into the recycle bin because a member deleted them.
 * @param input.mode "newest": a zone that is newer here than what was deleted stays, as for everything that members send (`compareCopies`);
 *   "overwrite": it goes, unless `Meetings.keepsNewest` says otherwise
 * @param input.stamps what the member deleted, by name; without a stamp a zone goes
 * @param input.sender as in `receiveZones`
 * @returns one outcome for each name, in order
 * @throws AppError "forbidden"
 */
export async function removeReceivedZones(ctx: Context, actor: Actor, input: Removal): Promise<RemoveOutcome[]> {
  const { ownerId } = authorize(actor, "cluster.member");
  const names = [...new Set(input.names)];
  const outcomes = await ctx.db.rawTransaction(async (tx) => {
    const first = await takeSequence(tx, Math.max(names.length, 1));
    const stored = await findZones(tx, names);
    const origin = input.originMemberId;
    const mode = input.mode ?? "overwrite";
    const from = await originOf(tx, origin, input.sender, ownerId === null);
    const pairs = [...stored.values()].flatMap((zone) => {
      const gone = input.stamps?.get(zone.name);
      return gone && zone.deletedAt === null ? [{ copy: { ...gone, isGone: true }, zone }] : [];
    });
    const meetings = await readMeetings(tx, { ...from, mode, now: ctx.clock.now() }, pairs);
    const accepts = origin === null ? undefined : (await readReaches(tx, origin)).get(origin)?.accepts;
    const gone: { zone: StoredZone; seq: number }[] = [];
    const contests: Contest[] = [];
    const met: Met[] = [];
    const result: RemoveOutcome[] = [];
    for (const name of names) {
      const zone = stored.get(name);
      const stamp = input.stamps?.get(name);
      // Somebody else's is answered as one that is not here.
      if (!zone || zone.deletedAt !== null || (ownerId !== null && zone.ownerId !== ownerId))
        result.push({ name, status: "absent" });
      else if (accepts && !reaches(accepts, zone.ownerId))
        result.push({ name, status: "refused", message: "The zone belongs to another cluster on this server." });
      else {
        const isContested = stamp !== undefined && meetings.isContested({ ...stamp, isGone: true }, zone);
        if (isContested) contests.push({ zoneId: zone.id, overId: meetings.writerOf(zone) });
        const keeps = mode === "newest" || (stamp && meetings.keepsNewest({ ...stamp, isGone: true }, zone));
        if (stamp && keeps && compareCopies(zone, stamp) === 1) {
          result.push(await newerHere(tx, zone));
          continue;
        }
        const wonSeq = first + gone.length;
        met.push({ zone, copy: null, goneDigest: stamp?.digest, wonSeq, isOursLost: true, isContested });
        gone.push({ zone, seq: wonSeq });
        result.push({ name, status: "deleted" });
      }
    }
    for (let at = 0; at < gone.length; at += ROWS) await removeRows(ctx, tx, actor, from, gone.slice(at, at + ROWS));
    await markContested(tx, contests, { byId: from.writerId, now: ctx.clock.now() });
    await recordConflicts(tx, from, met, ctx.clock.now());
    return result;
  }, "zone.remove");
  const deleted = outcomes.filter((outcome) => outcome.status === "deleted");
  if (deleted.length > 0) {
    ctx.wake(true);
    publishZones(deleted.map(({ name }) => name));
  }
  return outcomes;
}

async function removeRows(
  ctx: Context,
  tx: RawQueryable,
  actor: Actor,
  { originMemberId: origin, writerId }: Origin,
  gone: readonly { zone: StoredZone; seq: number }[],
): Promise<void> {
  const now = ctx.clock.now();
  // PostgreSQL does not infer the types of parameters in a VALUES list.
  const positions = gone.map(({ zone, seq }) => sql`(CAST(${zone.id} AS INTEGER), CAST(${seq} AS BIGINT))`);
  await tx.$executeRaw(sql`
    WITH "Gone" ("id", "seq") AS (VALUES ${join(positions)})
    UPDATE "Zone" SET "changeSeq" = (SELECT g."seq" FROM "Gone" g WHERE g."id" = "Zone"."id"), "deletedAt" = ${now}, "updatedAt" = ${now},
      "recordCount" = 0, "originMemberId" = ${origin}
    WHERE "id" IN (SELECT "id" FROM "Gone")`);
  const revisions = gone.map(
    ({ zone, seq }) =>
      sql`(${seq}, ${zone.id}, ${zone.serial}, ${zone.digest}, ${""}, 0, ${"delete"}, ${actorId(actor)}, ${actorName(actor)}, ${"Deleted at a cluster member"}, ${origin}, ${writerId}, ${now})`,
  );
  await tx.$executeRaw(sql`
    INSERT INTO "Revision" ("seq", "zoneId", "serial", "digest", "text", "recordCount", "kind", "actorId", "actorName", "reason", "originMemberId", "writerId", "createdAt")
    VALUES ${join(revisions)}`);
  const subject = gone.length === 1 ? (gone[0]?.zone.name ?? "") : `${gone.length} zones`;
  await recordAudit(tx, actor, {
    at: now,
    action: "zone.delete",
    subject,
    detail: { member: origin, zones: gone.length },
  });
}
