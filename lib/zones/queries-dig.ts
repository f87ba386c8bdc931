import { z } from "zod";
import type { UserActor } from "@/lib/access/actor";
import { authorize, can } from "@/lib/access/authorize";
import type { Context } from "@/lib/context";
import { memberName, NAME_COLUMNS } from "@/lib/members/member-name";
import { readSettings } from "@/lib/settings/settings";

/** Where a nameserver answers, and whose it is. */
export interface DigAddress {
  readonly label: string;
  readonly address: string;
  readonly port: number;
}

const dnsAddresses = z.array(z.object({ address: z.string(), port: z.number() }));
/** Nobody pastes more lines than this. */
const MAX_MEMBERS = 20;

/** The nameservers that can be asked with dig: this server's, and for those who have members these. */
export async function digAddresses(ctx: Context, actor: UserActor): Promise<DigAddress[]> {
  const [{ listen }, { addresses }] = await Promise.all([
    readSettings(ctx.db.client, "nameserver"),
    readSettings(ctx.db.client, "server"),
  ]);
  // A nameserver on every address is asked at the server's own.
  const reachable = (address: string) =>
    address === "0.0.0.0" || address === "::" ? (addresses[0] ?? "127.0.0.1") : address;
  const own = listen.map(({ address, port }) => ({ label: "This server", address: reachable(address), port }));
  if (!can(actor, "cluster.manage")) return own;
  const { ownerId } = authorize(actor, "cluster.manage");
  const members = await ctx.db.client.member.findMany({
    where: { ...(ownerId === null ? {} : { ownerId }), role: { in: ["sync", "write-only"] } },
    select: { ...NAME_COLUMNS, dnsAddresses: true },
    orderBy: { hostname: "asc" },
    take: MAX_MEMBERS,
  });
  const theirs = members.flatMap((member) =>
    dnsAddresses.parse(JSON.parse(member.dnsAddresses)).map((at) => ({ label: memberName(member), ...at })),
  );
  return [...own, ...theirs];
}
