import { type Actor, actorId } from "@/lib/access/actor";
import { authorize } from "@/lib/access/authorize";
import type { Context } from "@/lib/context";
import type { Zone } from "@/lib/dns/zone";
import { fitZone } from "@/lib/drivers/records/fit-zone";
import { driverLimits } from "@/lib/drivers/registry";
import { BACKENDS, backendOf } from "@/lib/members/backends";
import { DNS_ROLES } from "@/lib/members/dns-role";
import { memberName } from "@/lib/members/member-name";
import { readReaches } from "@/lib/members/reach";
import { reaches } from "@/lib/sync/reach";
import { findZone } from "./zone-row";

/** What a member will leave out of a zone. */
export interface TargetNotes {
  /** What people call the member. */
  readonly label: string;
  /** Sentences; never empty. */
  readonly notes: readonly string[];
}

/**
 * What the members that hold a part of a zone would leave out of this one, before anything is sent to them. A reseller is told nothing of root's members, as
 * with receipts.
 * @throws AppError "forbidden"
 */
export async function targetNotes(ctx: Context, actor: Actor, zone: Zone): Promise<TargetNotes[]> {
  const { ownerId } = authorize(actor, "zone.read");
  const db = ctx.db.client;
  const members = await db.member.findMany({
    where: { backend: { in: [...LIMITED] }, role: { in: SENDING }, ...(ownerId === null ? {} : { ownerId }) },
    orderBy: { hostname: "asc" },
  });
  if (members.length === 0) return [];
  const [stored, all] = await Promise.all([findZone(db, zone.apex), readReaches(db)]);
  const owner = stored?.ownerId ?? actorId(actor) ?? 1;
  return members.flatMap((member) => {
    const reach = all.get(member.id)?.reach;
    if (!reach || !reaches(reach, owner)) return [];
    const limits = driverLimits(backendOf(member.backend).value);
    if (!limits) return [];
    const { notes, refusal, obstacle } = fitZone(zone, limits);
    const told = refusal !== null ? [refusal] : obstacle !== null ? [...notes, obstacle] : notes;
    return told.length > 0 ? [{ label: memberName(member), notes: told }] : [];
  });
}

const LIMITED = BACKENDS.map(({ value }) => value).filter((value) => driverLimits(value) !== undefined);
const SENDING = DNS_ROLES.filter(({ sends }) => sends).map(({ value }) => value);
