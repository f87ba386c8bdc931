import { engineActor } from "@/lib/access/actor";
import { recordAudit } from "@/lib/audit/record";
import type { Context } from "@/lib/context";
import { type Queryable, sql } from "@/lib/db/database";
import type { DriverErrorKind } from "@/lib/errors";
import { raiseNotice } from "@/lib/notifications/raise";
import { probeDelay } from "@/lib/sync/policy";
import type { Member } from "@/prisma/generated/sqlite/client";
import { episodeOf } from "./episode";
import { memberName } from "./member-name";
import { reachCondition, readReaches } from "./reach";
import { waitingZones } from "./waiting";

/** The failure that a member's row tells of, as its columns. */
export interface LastFailure {
  readonly lastErrorAt: bigint;
  readonly lastErrorKind: DriverErrorKind;
  readonly lastError: string;
}

/** Disables a member for a failure that was counted in the same transaction, and tells who wants to know: once in an episode. */
export async function disableMember(
  tx: Queryable,
  ctx: Context,
  member: Member,
  { lastErrorAt, lastErrorKind, lastError }: LastFailure,
): Promise<void> {
  const at = Number(lastErrorAt);
  // One that was enabled by itself was disabled before in this episode: it is asked less and less often.
  const probes = member.recoveringAt === null ? 0 : member.probes;
  await tx.member.update({
    where: { id: member.id },
    data: {
      ...{ disabledAt: lastErrorAt, disabledKind: lastErrorKind, disabledReason: lastError },
      episodeDisabledAt: member.episodeDisabledAt ?? lastErrorAt,
      ...{ recoveringAt: null, probes, probeAt: BigInt(at + probeDelay(probes)) },
    },
  });
  const { id, hostname, failures, ownerId } = member;
  const firstFailureAt = Number(member.firstFailureAt);
  const detail = { failures, kind: lastErrorKind, reason: lastError, since: firstFailureAt };
  await recordAudit(tx, engineActor, { at, action: "member.disable", subject: hostname, detail });
  await raiseNotice(tx, ctx, {
    ...{ event: "member-disabled", episode: episodeOf(member), ownerId, memberId: id },
    facts: {
      ...{ member: memberName(member), cause: lastError, failures, firstFailureAt, lastFailureAt: at },
      ...{ waitingZones: await waitingZones(tx, id), lastServed: await lastServed(tx, id) },
    },
  });
}

interface ServedRow {
  readonly name: string;
  readonly observedSerial: number | bigint;
  readonly observedAt: number | bigint;
}

/** The change that its nameserver was last seen to answer with, of the zones that it is to have: a deletion that was seen is none, and a copy that is left there may be another account's zone by now. */
async function lastServed(tx: Queryable, memberId: number) {
  const reach = (await readReaches(tx, memberId)).get(memberId)?.reach;
  if (!reach) return null;
  const [row] = await tx.$queryRaw<ServedRow[]>(sql`
    SELECT z."name", t."observedSerial", t."observedAt" FROM "Target" g JOIN "ZoneTarget" t ON t."targetId" = g."id" JOIN "Zone" z ON z."id" = t."zoneId"
    WHERE g."memberId" = ${memberId} AND t."observedState" = 'served' AND t."observedAt" IS NOT NULL AND t."ackDigest" <> '' AND z."deletedAt" IS NULL
      AND ${reachCondition(reach)} ORDER BY t."observedAt" DESC LIMIT 1`);
  return row ? { zone: row.name, serial: Number(row.observedSerial), at: Number(row.observedAt) } : null;
}
