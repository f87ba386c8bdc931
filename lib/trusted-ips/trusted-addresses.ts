import type { Context } from "@/lib/context";
import { BACKENDS } from "@/lib/members/backends";
import { readSettings } from "@/lib/settings/settings";

/** An address that is trusted by itself, and what makes it so. */
export interface AutomaticIp {
  readonly address: string;
  /** "This server", or the member's hostname. */
  readonly of: string;
}

/** A hosted service never calls, and serves from other addresses than its API's. */
const CALLING = BACKENDS.filter(({ isService }) => !isService).map(({ value }) => value);

/**
 * The list that needs nobody to keep it, as WHM's /etc/ips.dnsmaster: this server's own addresses, and the main address of every member that is a server.
 * @param userId members of this user and of root only: what one reseller adds is no door for another's token. Left out: all
 */
export async function automaticIps(ctx: Context, userId?: number): Promise<AutomaticIp[]> {
  const { client } = ctx.db;
  const { addresses } = await readSettings(client, "server");
  const members = await client.member.findMany({
    where: { backend: { in: CALLING }, ...(await membersFor(ctx, userId)) },
    select: { address: true, hostname: true },
    orderBy: { hostname: "asc" },
  });
  const own = addresses.map((address) => ({ address, of: "This server" }));
  const theirs = members.map(({ address, hostname }) => ({ address, of: hostname }));
  const seen = new Set<string>();
  return [...own, ...theirs].filter(({ address }) => !seen.has(address) && seen.add(address));
}

/** Which members count for a user: the user's own and root's. @param userId left out: all */
export async function membersFor(ctx: Context, userId: number | undefined): Promise<{ ownerId?: { in: number[] } }> {
  if (userId === undefined) return {};
  const roots = await ctx.db.client.user.findMany({ where: { role: "root" }, select: { id: true } });
  return { ownerId: { in: [userId, ...roots.map(({ id }) => id)] } };
}
