import { engineActor } from "@/lib/access/actor";
import { recordAudit } from "@/lib/audit/record";
import type { Context } from "@/lib/context";
import type { Queryable } from "@/lib/db/database";
import type { DriverErrorKind } from "@/lib/errors";
import { raiseNotice } from "@/lib/notifications/raise";
import { probeDelay } from "@/lib/sync/policy";
import type { Member } from "@/prisma/generated/sqlite/client";
import { episodeOf } from "./episode";
import { memberName } from "./member-name";
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

/** The change that its nameserver was last seen to answer with. */
async function lastServed(tx: Queryable, memberId: number) {
  const target = await tx.target.findUnique({ where: { memberId }, select: { id: true } });
  const served = target && {
    where: { targetId: target.id, observedState: "served", observedAt: { not: null } },
    orderBy: { observedAt: "desc" as const },
  };
  const row = served && (await tx.zoneTarget.findFirst(served));
  const zone = row && (await tx.zone.findUnique({ where: { id: row.zoneId }, select: { name: true } }));
  return zone ? { zone: zone.name, serial: Number(row.observedSerial), at: Number(row.observedAt) } : null;
}
