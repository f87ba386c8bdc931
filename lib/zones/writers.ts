import { type RawQueryable, sql } from "@/lib/db/database";
import { memberName } from "@/lib/members/member-name";
import { findMember } from "@/lib/members/member-row";

/** Another server whose copies come here. A caller of the member protocol need not be a member: nothing is sent to a web server that only writes. */
export interface Sender {
  /** What it is told by: "server:ID" of a Zonefleet server, "address:IP" of any other. */
  readonly key: string;
  /** Its hostname; null: it does not say here. */
  readonly name: string | null;
  readonly address: string;
}

/** @param serverId undefined: it does not tell one */
export function senderKey(serverId: string | null | undefined, address: string): string {
  return serverId ? `server:${serverId}` : `address:${address}`;
}

/** Whether it is a Zonefleet server: it says what it does (looks first, or not), and its serials grow with every edit. */
export function isPeer(sender: Sender): boolean {
  return sender.key.startsWith("server:");
}

/** A member as the one that sends; null when it is none any more. */
async function senderOfMember(db: RawQueryable, memberId: number): Promise<Sender | null> {
  const member = await findMember(db, memberId);
  return (
    member && { key: senderKey(member.serverId, member.address), name: memberName(member), address: member.address }
  );
}

/**
 * The number of a sender's row, which is made when there is none.
 * @param mayRename false: a name that is there stays. A reseller's call must not change what root reads of another server.
 */
async function writerIdOf(tx: RawQueryable, { key, name, address }: Sender, mayRename: boolean): Promise<number> {
  // Raw, since each batch of each sender begins with it.
  const find = async () => {
    const [row] = await tx.$queryRaw<{ id: number | bigint; name: string }[]>(
      sql`SELECT "id", "name" FROM "Writer" WHERE "key" = ${key}`,
    );
    return row && { id: Number(row.id), name: row.name };
  };
  const known = await find();
  if (known && (known.name === name || name === null || !mayRename)) return known.id;
  await tx.$executeRaw(sql`
    INSERT INTO "Writer" ("key", "name") VALUES (${key}, ${name ?? address}) ON CONFLICT ("key") DO UPDATE SET "name" = excluded."name"`);
  return known?.id ?? (await find())?.id ?? 0;
}

/** Where zones came from: the member, where it is one, and the server. */
export interface Origin {
  readonly originMemberId: number | null;
  readonly sender: Sender | null;
  readonly writerId: number | null;
}

/**
 * @param given the sender, where it is not the member alone
 * @param mayRename false: a name that is there stays
 */
export async function originOf(
  tx: RawQueryable,
  originMemberId: number | null,
  given: Sender | null | undefined,
  mayRename: boolean,
): Promise<Origin> {
  const sender = given ?? (originMemberId === null ? null : await senderOfMember(tx, originMemberId));
  return { originMemberId, sender, writerId: sender && (await writerIdOf(tx, sender, mayRename)) };
}
