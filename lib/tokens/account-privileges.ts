import type { Queryable } from "@/lib/db/database";
import { AppError } from "@/lib/errors";
import { privilegesOf } from "@/lib/users/privileges";

/**
 * A token can only hold what the account has that it acts for, whoever makes it. ("all" is everything that its account may do at the time of the call, and so
 * never more.) What root takes from the account later no token of it has any longer: every call asks both.
 * @throws AppError "forbidden", "not-found"
 */
export async function assertAccountHolds(db: Queryable, userId: number, acls: readonly string[]): Promise<void> {
  const user = await db.user.findUnique({ where: { id: userId }, select: { role: true, acls: true } });
  if (!user) throw new AppError("not-found", "There is no such user.");
  const { privileges } = privilegesOf(user);
  const missing = acls.find((acl) => acl !== "all" && privileges !== undefined && !privileges.includes(acl));
  if (missing !== undefined)
    throw new AppError(
      "forbidden",
      `The account has not the privilege ${missing}, so its tokens cannot have it either.`,
    );
}
