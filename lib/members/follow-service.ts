import type { Context } from "@/lib/context";
import { resolveMember, systemAddresses } from "@/lib/drivers/http/resolve-member";
import { DriverError } from "@/lib/errors";
import type { Member } from "@/prisma/generated/sqlite/client";
import { backendOf } from "./backends";

/**
 * A hosted service moves behind its name, which nobody here chose: unlike a server's, its address follows the resolver. Its certificate is checked for the name
 * on every connection. One that is still among the name's addresses is kept.
 * @returns the member with the address to call, stored when it changed
 */
export async function followService(ctx: Context, member: Member): Promise<Member> {
  if (!backendOf(member.backend).isService) return member;
  try {
    const address = await resolveMember(member.hostname, ctx.env.allowedMemberNetworks, async (hostname) => {
      const found = await systemAddresses(hostname);
      return found.includes(member.address) ? [member.address] : found;
    });
    if (address === member.address) return member;
    await ctx.db.statement(
      (db) => db.member.updateMany({ where: { id: member.id }, data: { address } }),
      "member.moved",
    );
    return { ...member, address };
  } catch (error) {
    if (!(error instanceof DriverError)) throw error;
    // The resolver does not know at the moment: the service may still be where it was.
    return member;
  }
}
