import type { Context } from "@/lib/context";
import { sql } from "@/lib/db/database";
import { plainAddress } from "@/lib/net/address-set";
import type { Member } from "@/prisma/generated/sqlite/client";
import { membersWhere } from "./member-row";

/** What is known of whoever calls the member protocol, once its token was checked. */
export interface MemberCaller {
  /** The identity that a Zonefleet server sends along. */
  readonly serverId?: string;
  /** Numeric address that the call came from. */
  readonly address: string;
  /** The user whose token it was: only members of that user are meant. */
  readonly userId: number;
}

/**
 * Which member a call comes from, so that a zone is not sent back to where it came from. An identity decides; without one the address does,
 * unless several members share it (behind one NAT, or all on loopback).
 * @returns null when it is no member, or when that cannot be told: a zone may then travel back once, which changes nothing there.
 */
export async function memberForCaller(ctx: Context, caller: MemberCaller): Promise<Member | null> {
  const ownerId = caller.userId;
  const db = ctx.db.client;
  if (caller.serverId) {
    const [member] = await membersWhere(db, sql`"ownerId" = ${ownerId} AND "serverId" = ${caller.serverId}`);
    return member ?? null;
  }
  const address = plainAddress(caller.address) ?? "";
  const [member, another] = await membersWhere(db, sql`"ownerId" = ${ownerId} AND "address" = ${address}`);
  return member && !another ? member : null;
}
