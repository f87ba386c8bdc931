import { type Actor, engineActor } from "@/lib/access/actor";
import type { Context } from "@/lib/context";
import { inEffectWords } from "@/lib/members/combined-role";
import type { MemberRecord } from "@/lib/members/member-row";
import { readReaches } from "@/lib/members/reach";
import type { SyncJob } from "@/lib/sync-jobs/job";
import { type MemberTerms, memberTerms } from "./member-terms";
import type { ZoneHere } from "./read-copies";

/** A member that a job is about, and what may be done with it. */
export interface JobMember {
  readonly member: MemberRecord;
  readonly terms: MemberTerms;
  /** Root's, in a job about an account whose zones go to root's cluster. It is asked about zones only that the account has here. */
  readonly isShared: boolean;
  /** How a reseller's entry stands beside root's; null: as chosen. */
  readonly roleNote: string | null;
}

/**
 * The members that a job is about: all of them; or those of the account's own cluster, and of root's those that its zones go to or come from.
 * @param here the zones of this server that the job is about
 */
export async function jobMembers(
  ctx: Context,
  { accountId, memberId, zone }: Pick<SyncJob, "accountId" | "memberId" | "zone">,
  here: ReadonlyMap<string, ZoneHere>,
): Promise<JobMember[]> {
  const [members, reaches] = await Promise.all([
    // `LOCAL` is none of them.
    ctx.db.client.member.findMany({ where: memberId === null ? {} : { id: memberId }, orderBy: { id: "asc" } }),
    readReaches(ctx.db.client),
  ]);
  // What root's members hold of a zone that is not the account's says something about somebody else.
  const asksShared = zone === null || here.has(zone);
  return members.flatMap((member): JobMember[] => {
    const reach = reaches.get(member.id);
    const terms = memberTerms(member, reach);
    const roleNote = reach?.combined ? inEffectWords(reach.combined.inEffect) : null;
    if (accountId === null || member.ownerId === accountId) return [{ member, terms, isShared: false, roleNote }];
    const isTheirs = terms.receives(accountId) || terms.sends(accountId);
    return isTheirs && asksShared ? [{ member, terms, isShared: true, roleNote }] : [];
  });
}

/** Whose a zone becomes that is taken in and was not here before, as `receiveZones` has it. */
export function newOwnerOf({ accountId }: { readonly accountId: number | null }): number {
  return accountId ?? 1;
}

/**
 * In whose name a job takes zones in. That of an account, so that its limits and the borders between accounts hold; whoever agreed to the job was asked for
 * the privilege then.
 * @returns null: the account is gone
 */
export async function jobActor(ctx: Context, accountId: number | null): Promise<Actor | null> {
  if (accountId === null) return engineActor;
  const user = await ctx.db.client.user.findUnique({ where: { id: accountId }, select: { username: true } });
  if (!user) return null;
  const privileges = ["clustering"];
  return { kind: "user", userId: accountId, username: user.username, role: "reseller", privileges };
}
