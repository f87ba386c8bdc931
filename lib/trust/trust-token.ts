import type { Actor } from "@/lib/access/actor";
import { recordAudit } from "@/lib/audit/record";
import type { Context } from "@/lib/context";
import type { Queryable } from "@/lib/db/database";
import type { TargetStatus } from "@/lib/drivers/driver";
import { refusedAddress } from "@/lib/drivers/http/address-policy";
import { randomAlphanumeric } from "@/lib/ids";
import { addressSet, isLoopback } from "@/lib/net/address-set";
import { createToken } from "@/lib/tokens/service";
import type { Member } from "@/prisma/generated/sqlite/client";

const LOOPBACK = ["127.0.0.0/8", "::1"];

/**
 * From where a member may use the token that it gets: the address that it is called at, and those that it says are its own. A member on loopback is this
 * machine, which calls itself from whichever loopback address the kernel takes.
 */
export function memberNetworks(ctx: Pick<Context, "env">, address: string, status: TargetStatus): string[] {
  if (isLoopback(address)) return LOOPBACK;
  const allowed = addressSet(ctx.env.allowedMemberNetworks);
  const own = (status.addresses ?? []).filter((candidate) => refusedAddress(candidate, allowed) === undefined);
  return [...new Set([address, ...own])];
}

/** Makes the token that lets a member call this server: nothing but `clustering`, and only from the member's addresses. */
export async function makeTrustToken(
  ctx: Context,
  actor: Actor,
  member: Member,
  allowedIps: readonly string[],
): Promise<{ id: number; name: string; token: string }> {
  const host = member.hostname.replace(/[^A-Za-z0-9-]+/g, "-").slice(0, 28);
  const name = `reverse-trust-${host}-${randomAlphanumeric(6)}`;
  const { id, token } = await createToken(ctx, actor, {
    name,
    acls: ["clustering"],
    allowedIps: [...allowedIps],
    userId: member.ownerId,
    memberId: member.id,
  });
  return { id, name, token };
}

/** Ends tokens that were made for trusts, in the caller's transaction. @returns how many there were */
export async function endTrustTokens(
  tx: Queryable,
  actor: Actor,
  where: { id?: number | { not: number }; memberId?: number },
  event: { at: number; why: string },
): Promise<number> {
  const tokens = await tx.apiToken.findMany({
    where: { ...where, memberId: where.memberId ?? { not: null } },
    select: { id: true, name: true, userId: true },
  });
  for (const { id, name, userId } of tokens) {
    await tx.apiToken.deleteMany({ where: { id } });
    await tx.refusedCall.deleteMany({ where: { tokenId: id } });
    await recordAudit(tx, actor, {
      at: event.at,
      action: "token.revoke",
      subject: name,
      detail: { userId, why: event.why },
    });
  }
  return tokens.length;
}
