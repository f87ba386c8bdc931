import type { Queryable } from "@/lib/db/database";
import { AppError } from "@/lib/errors";

/** @throws AppError "conflict" when the account has as many members as root lets it have */
export async function assertMemberRoom(tx: Queryable, ownerId: number): Promise<void> {
  // Written to first, so that two that add at once come one after the other.
  await tx.$executeRaw`UPDATE "User" SET "memberLimit" = "memberLimit" WHERE "id" = ${ownerId}`;
  const user = await tx.user.findUnique({ where: { id: ownerId }, select: { username: true, memberLimit: true } });
  const limit = user?.memberLimit ?? null;
  if (limit === null || (await tx.member.count({ where: { ownerId } })) < limit) return;
  const servers = limit === 1 ? "server" : "servers";
  throw new AppError(
    "conflict",
    `${user?.username} may have at most ${limit} ${servers} in a DNS cluster. Delete one, or ask root to raise the limit.`,
  );
}
