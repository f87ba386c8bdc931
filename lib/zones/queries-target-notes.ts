import type { Actor } from "@/lib/access/actor";
import { authorize } from "@/lib/access/authorize";
import type { Context } from "@/lib/context";
import type { Zone } from "@/lib/dns/zone";
import { fitZone } from "@/lib/drivers/records/fit-zone";
import { driverLimits } from "@/lib/drivers/registry";
import { BACKENDS, backendOf } from "@/lib/members/backends";
import { DNS_ROLES } from "@/lib/members/dns-role";
import { memberName } from "@/lib/members/member-name";

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
  if (authorize(actor, "zone.read").ownerId !== null) return [];
  const members = await ctx.db.client.member.findMany({
    where: { backend: { in: [...LIMITED] }, role: { in: SENDING } },
    orderBy: { hostname: "asc" },
  });
  return members.flatMap((member) => {
    const limits = driverLimits(backendOf(member.backend).value);
    if (!limits) return [];
    const { notes, refusal, obstacle } = fitZone(zone, limits);
    const told = refusal !== null ? [refusal] : obstacle !== null ? [...notes, obstacle] : notes;
    return told.length > 0 ? [{ label: memberName(member), notes: told }] : [];
  });
}

const LIMITED = BACKENDS.map(({ value }) => value).filter((value) => driverLimits(value) !== undefined);
const SENDING = DNS_ROLES.filter(({ sends }) => sends).map(({ value }) => value);
