import type { UserActor } from "@/lib/access/actor";
import { authorize } from "@/lib/access/authorize";
import { refreshMembers } from "@/lib/cluster/check-members";
import type { Context } from "@/lib/context";
import type { DriverErrorKind } from "@/lib/errors";
import { memberStatus } from "@/lib/members/member-status";
import { plainAddress } from "@/lib/net/address-set";
import type { Member } from "@/prisma/generated/sqlite/client";

/** Who asks whether we hold an entry for it. */
export interface TrustQuestion {
  /** Identity of a Zonefleet server; it decides where it is given. */
  readonly serverId?: string;
  /** Its address, and its name. */
  readonly host: string;
  readonly althost?: string;
}

/**
 * Whether the caller is a member here, and for a Zonefleet server whether our calls to it work: it is called once to find out, which asks it nothing that
 * would make it call us again.
 * @returns null: there is no entry for it
 */
export async function answerTrust(
  ctx: Context,
  actor: UserActor,
  question: TrustQuestion,
): Promise<{ works?: boolean; reason?: string } | null> {
  authorize(actor, "cluster.manage");
  const member = await memberOf(ctx, actor, question);
  if (!member) return null;
  if (question.serverId === undefined) return {};
  await refreshMembers(ctx, actor, { id: member.id });
  const row = await ctx.db.client.member.findUnique({ where: { id: member.id } });
  return row ? outcomeOf(row) : null;
}

async function memberOf(ctx: Context, { userId }: UserActor, question: TrustQuestion): Promise<Member | null> {
  const { serverId, host, althost } = question;
  // A hosted service never asks.
  const own = { ownerId: userId, account: "" };
  if (serverId !== undefined) {
    const same = await ctx.db.client.member.findFirst({ where: { ...own, serverId } });
    if (same) return same;
  }
  const names = [host, althost].flatMap((name) => (name ? [name.toLowerCase().replace(/\.$/, "")] : []));
  const addresses = names.flatMap((name) => plainAddress(name) ?? []);
  const member = await ctx.db.client.member.findFirst({
    where: {
      ...own,
      OR: [{ hostname: { in: names } }, { remoteHostname: { in: names } }, { address: { in: addresses } }],
    },
  });
  // Several servers may share an address; one that is known to be another server is not the one that asks.
  return member && serverId !== undefined && member.serverId !== null ? null : member;
}

function outcomeOf(row: Member): { works: boolean; reason?: string } {
  const instant = (value: bigint | null) => (value === null ? null : Number(value));
  const status = memberStatus(
    {
      lastAnswerAt: instant(row.lastAnswerAt),
      lastErrorAt: instant(row.lastErrorAt),
      lastErrorKind: row.lastErrorKind as DriverErrorKind | null,
      lastError: row.lastError,
      pin: row.pin,
    },
    true,
  );
  if (status.state === "online") return { works: true };
  return { works: false, reason: `${status.label}. ${status.reason}`.slice(0, 500) };
}
