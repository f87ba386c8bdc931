import { type RawQueryable, sql } from "@/lib/db/database";
import type { Member } from "@/prisma/generated/sqlite/client";

/** A member as its row says. */
export type MemberRecord = Member;

/** Members as their rows say, oldest first. Raw, since each batch for each member begins with it. */
export function membersWhere(db: RawQueryable, condition: ReturnType<typeof sql>): Promise<Member[]> {
  return db.$queryRaw<Member[]>(sql`SELECT * FROM "Member" WHERE ${condition} ORDER BY "id"`);
}

/** null: there is none, any more. */
export async function findMember(db: RawQueryable, id: number): Promise<Member | null> {
  const [member] = await membersWhere(db, sql`"id" = ${id}`);
  return member ?? null;
}
