import type { Authorized } from "@/lib/access/authorize";
import type { Context } from "@/lib/context";
import { join, sql } from "@/lib/db/database";
import { toUnicode } from "@/lib/dns/name";
import { memberName } from "@/lib/members/member-name";
import { readReaches } from "@/lib/members/reach";
import { readSettings } from "@/lib/settings/settings";
import { reaches } from "@/lib/sync/reach";
import type { Member } from "@/prisma/generated/sqlite/client";
import type { AskMember } from "./ask-member";

/** Who has zones that are to be added here. Members by the names that the asker may see. */
export interface ZoneHolders {
  /** By zone: those that have it. Zones that nobody has are left out. */
  readonly heldBy: ReadonlyMap<string, readonly string[]>;
  /** For a reseller: zones that a member has which is not the reseller's own. They may be anybody's. */
  readonly others: ReadonlySet<string>;
  /** Those that did not answer: whether they have any of them is not known. */
  readonly silent: readonly string[];
}

const NOBODY: ZoneHolders = { heldBy: new Map(), others: new Set(), silent: [] };

/** Names in one statement. */
const CHUNK = 500;

/**
 * Asks the members that are not Write-only, all at once, whether zones exist there: two web servers that both make one would fight over it. A copy that this
 * server itself put there is nobody else's while its deletion is on the way.
 * @param input.ownerId who gets the zones; the asker when left out
 * @param input.isAboutOthers the asker's own members are not asked
 */
export async function zoneHolders(
  ctx: Context,
  allowed: Authorized<"zone.create" | "cluster.member">,
  { names, ownerId, isAboutOthers = false }: { names: readonly string[]; ownerId?: number; isAboutOthers?: boolean },
  ask: AskMember,
): Promise<ZoneHolders> {
  const db = ctx.db.client;
  const { isEnabled } = await readSettings(db, "cluster");
  if (!isEnabled || names.length === 0) return NOBODY;
  const { actor } = allowed;
  const owner = allowed.ownerId ?? ownerId ?? (actor.kind === "user" ? actor.userId : 1);
  const asked = [...(await readReaches(db)).values()].filter(
    (member) => member.receives && reaches(member.accepts, owner),
  );
  const found = await db.member.findMany({ where: { id: { in: asked.map(({ memberId }) => memberId) } } });
  const members = found.filter((member) => !isAboutOthers || !isOwn(allowed, member));
  const ours = await sentFromHere(ctx, names);
  const answers = await Promise.all(
    members.map(async (member) => {
      const unknown = names.filter((name) => !ours.has(`${member.id} ${name}`));
      return {
        name: nameFor(allowed, member),
        isOthers: !isOwn(allowed, member),
        has: unknown.length === 0 ? new Set<string>() : await ask(ctx, member, unknown),
      };
    }),
  );
  const heldBy = new Map<string, readonly string[]>();
  for (const name of names) {
    const holders = new Set(answers.flatMap(({ name: member, has }) => (has?.has(name) ? [member] : [])));
    if (holders.size > 0) heldBy.set(name, [...holders]);
  }
  const others = new Set(answers.flatMap(({ isOthers, has }) => (isOthers && has ? [...has] : [])));
  return { heldBy, others, silent: [...new Set(answers.flatMap(({ name, has }) => (has === null ? [name] : [])))] };
}

/**
 * "member zone" for what is there as it was sent from here. Once a deletion was acknowledged (no digest) it is not: who has the zone there now got it from
 * somebody else.
 */
async function sentFromHere(ctx: Context, names: readonly string[]): Promise<Set<string>> {
  const sent = new Set<string>();
  for (let at = 0; at < names.length; at += CHUNK) {
    const rows = await ctx.db.client.$queryRaw<{ memberId: number | bigint; name: string }[]>(sql`
      SELECT t."memberId", z."name" FROM "Zone" z JOIN "ZoneTarget" zt ON zt."zoneId" = z."id" JOIN "Target" t ON t."id" = zt."targetId"
      WHERE z."name" IN (${join(names.slice(at, at + CHUNK))}) AND t."memberId" IS NOT NULL
        AND (zt."ackDigest" IS NULL OR zt."ackDigest" <> '')`);
    for (const { memberId, name } of rows) sent.add(`${memberId} ${name}`);
  }
  return sent;
}

/** All members are root's to decide about. */
function isOwn({ ownerId }: Authorized, member: Member): boolean {
  return ownerId === null || ownerId === member.ownerId;
}

/** Root's members are not a reseller's to know. */
function nameFor(allowed: Authorized, member: Member): string {
  return isOwn(allowed, member) ? memberName(member) : "a server of root's cluster";
}

/** That a zone exists elsewhere, and what adding it means, in two sentences. */
export function heldWords(name: string, heldBy: readonly string[]): string {
  return `${toUnicode(name)} exists already on ${heldBy.join(", ")}. If it is added here as well, the newest copy replaces the other one.`;
}

/** That a zone exists where the account that wants it has no say. It is not told where, and cannot be added all the same. */
export function othersWords(name: string): string {
  return `${toUnicode(name)} exists already on another server of the cluster, where this account has no say. Ask root.`;
}
