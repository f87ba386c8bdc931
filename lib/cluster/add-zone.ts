import type { Actor } from "@/lib/access/actor";
import { type Authorized, authorize } from "@/lib/access/authorize";
import type { Context } from "@/lib/context";
import { toUnicode } from "@/lib/dns/name";
import { AppError, DriverError } from "@/lib/errors";
import { memberName } from "@/lib/members/member-name";
import { openMemberDriver } from "@/lib/members/open-driver";
import { readReaches } from "@/lib/members/reach";
import { readSettings } from "@/lib/settings/settings";
import { reaches } from "@/lib/sync/reach";
import { assertAddable } from "@/lib/zones/assert-addable";
import type { ZoneRef } from "@/lib/zones/commit-revision";
import { findZone } from "@/lib/zones/zone-row";
import type { Member } from "@/prisma/generated/sqlite/client";

/** A dead member holds up adding a zone no longer than this, and all are asked at once. */
const LIMIT_MS = 4_000;

/** Members, by the names that the asker may see. */
export interface MembersAsked {
  /** Those that have the zone. */
  readonly has: readonly string[];
  /** Those that did not answer, or are disabled or paused and not asked: whether they have it is not known. */
  readonly silent: readonly string[];
}

/** What the page is told beside the zone. */
export interface AddedZone extends ZoneRef {
  readonly silent: readonly string[];
}

/**
 * Adds a zone after asking the members that are not Write-only whether they have one of that name: two web servers that both make it would fight over it.
 * Not for imports of many files, which would ask for each.
 * @param input.ownerId who gets the zone; the asker when left out
 * @param input.isAnyway add it although a member has it: the newest copy wins, at both ends
 * @param add makes the zone
 * @throws AppError "conflict" (`details.heldBy`: names) when a member has it; whatever `add` throws
 */
export async function addZone(
  ctx: Context,
  actor: Actor,
  input: { name: string; ownerId?: number; isAnyway?: boolean },
  add: () => Promise<ZoneRef>,
): Promise<AddedZone> {
  const allowed = authorize(actor, "zone.create");
  // What is here decides first: nobody is asked about a name that cannot be added anyway.
  await assertAddable(ctx, allowed, input.name, await findZone(ctx.db.client, input.name));
  if (input.isAnyway) return { ...(await add()), silent: [] };
  const { has, silent } = await askMembers(ctx, allowed, input);
  if (has.length > 0)
    throw new AppError(
      "conflict",
      `${toUnicode(input.name)} exists already on ${has.join(", ")}. If it is added here as well, the newest copy replaces the other one.`,
      { details: { heldBy: has } },
    );
  return { ...(await add()), silent };
}

async function askMembers(
  ctx: Context,
  allowed: Authorized<"zone.create">,
  { name, ownerId }: { name: string; ownerId?: number },
): Promise<MembersAsked> {
  const db = ctx.db.client;
  const { isEnabled } = await readSettings(db, "cluster");
  if (!isEnabled) return { has: [], silent: [] };
  const { actor } = allowed;
  const owner = allowed.ownerId ?? ownerId ?? (actor.kind === "user" ? actor.userId : 1);
  const asked = [...(await readReaches(db)).values()].filter(
    (member) => member.receives && reaches(member.accepts, owner),
  );
  const ids = asked.map(({ memberId }) => memberId);
  // A copy that this server itself put there is nobody else's: its deletion is on the way.
  const ours = await db.$queryRaw<{ memberId: number | bigint }[]>`
    SELECT t."memberId" FROM "Zone" z JOIN "ZoneTarget" zt ON zt."zoneId" = z."id" JOIN "Target" t ON t."id" = zt."targetId"
    WHERE z."name" = ${name} AND t."memberId" IS NOT NULL`;
  const skipped = new Set(ours.map(({ memberId }) => Number(memberId)));
  const members = await db.member.findMany({ where: { id: { in: ids.filter((id) => !skipped.has(id)) } } });
  const answers = await Promise.all(members.map((member) => hasZone(ctx, member, name)));
  const named = (answer: "yes" | "no" | "silent") => [
    ...new Set(members.flatMap((member, index) => (answers[index] === answer ? [nameFor(allowed, member)] : []))),
  ];
  return { has: named("yes"), silent: named("silent") };
}

/** Root's members are not a reseller's to know. */
function nameFor({ ownerId }: Authorized, member: Member): string {
  return ownerId === null || ownerId === member.ownerId ? memberName(member) : "a server of root's cluster";
}

async function hasZone(ctx: Context, member: Member, name: string): Promise<"yes" | "no" | "silent"> {
  try {
    const driver = await openMemberDriver(ctx, member);
    if (!driver.capabilities.read.supported) return "no";
    const found = await driver.fetch([name], AbortSignal.timeout(LIMIT_MS));
    return found.some((zone) => zone.name === name) ? "yes" : "no";
  } catch (error) {
    if (!(error instanceof DriverError)) throw error;
    return "silent";
  }
}
