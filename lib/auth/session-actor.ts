import type { UserActor } from "@/lib/access/actor";
import type { Context } from "@/lib/context";
import { privilegesOf } from "@/lib/users/privileges";
import { readSession } from "./session-token";

/**
 * The user behind a session cookie, as the database knows them now: suspended users, and sessions from before a password change or
 * "sign out everywhere", are nobody.
 * @param address numeric address of the caller, for the audit trail.
 */
export async function sessionActor(
  ctx: Pick<Context, "db" | "secrets">,
  cookie: string | undefined,
  address: string,
): Promise<UserActor | null> {
  const claims = await readSession(ctx, cookie);
  if (!claims) return null;
  const user = await ctx.db.client.user.findUnique({
    where: { id: claims.userId },
    select: { id: true, username: true, role: true, sessionEpoch: true, suspendedAt: true, acls: true },
  });
  if (!user || user.suspendedAt !== null || user.sessionEpoch !== claims.epoch) return null;
  if (user.role !== "root" && user.role !== "reseller") return null;
  const { id: userId, username, role } = user;
  return { kind: "user", userId, username, role, ...privilegesOf(user), address: address || undefined };
}
