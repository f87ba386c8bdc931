import { type Actor, actorId } from "@/lib/access/actor";
import { authorize } from "@/lib/access/authorize";
import type { Context } from "@/lib/context";
import type { Zone } from "@/lib/dns/zone";
import { fitZone } from "@/lib/drivers/records/fit-zone";
import type { RecordLimits } from "@/lib/drivers/records/record-limits";
import { driverLimits } from "@/lib/drivers/registry";
import { BACKENDS, backendOf } from "@/lib/members/backends";
import { DNS_ROLES } from "@/lib/members/dns-role";
import { memberName } from "@/lib/members/member-name";
import { readReaches } from "@/lib/members/reach";
import { reaches } from "@/lib/sync/reach";
import { findZone } from "./zone-row";

/** What a member will leave out of a zone. */
export interface TargetNotes {
  /** What people call the member; for a reseller, of root's members only the service's name. */
  readonly label: string;
  /** Sentences; never empty. */
  readonly notes: readonly string[];
}

/**
 * What the members that hold a part of a zone would leave out of this one, before anything is sent to them. A reseller is told of root's members as well, since it
 * is the reseller's zone that is cut: which service it is, but neither its accounts nor how many there are.
 * @throws AppError "forbidden"
 */
export async function targetNotes(ctx: Context, actor: Actor, zone: Zone): Promise<TargetNotes[]> {
  const { ownerId } = authorize(actor, "zone.read");
  const db = ctx.db.client;
  const members = await db.member.findMany({
    where: { backend: { in: [...LIMITED] }, role: { in: SENDING } },
    orderBy: [{ hostname: "asc" }, { username: "asc" }],
  });
  if (members.length === 0) return [];
  const [stored, all] = await Promise.all([findZone(db, zone.apex), readReaches(db)]);
  const owner = stored?.ownerId ?? actorId(actor) ?? 1;
  const told = new Map<string, readonly string[]>();
  for (const member of members) {
    const reach = all.get(member.id)?.reach;
    const limits = driverLimits(backendOf(member.backend).value);
    if (!reach || !reaches(reach, owner) || !limits) continue;
    const isTheirs = ownerId === null || ownerId === member.ownerId;
    const notes = notesOf(zone, limits);
    if (notes.length > 0) told.set(isTheirs ? memberName(member) : limits.service, notes);
  }
  return [...told].map(([label, notes]) => ({ label, notes }));
}

function notesOf(zone: Zone, limits: RecordLimits): readonly string[] {
  const { notes, refusal, obstacle } = fitZone(zone, limits);
  if (refusal !== null) return [refusal];
  return obstacle !== null ? [...notes, obstacle] : notes;
}

const LIMITED = BACKENDS.map(({ value }) => value).filter((value) => driverLimits(value) !== undefined);
const SENDING = DNS_ROLES.filter(({ sends }) => sends).map(({ value }) => value);
