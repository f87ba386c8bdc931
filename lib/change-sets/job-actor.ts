import type { Actor } from "@/lib/access/actor";
import type { Context } from "@/lib/context";
import { privilegesOf } from "@/lib/users/privileges";

/**
 * In whose name a change set is carried out: that of who asked for it, with the privileges that the account has now.
 * @returns null: the account is gone or suspended
 */
export async function jobActor({ db }: Pick<Context, "db">, userId: number | null): Promise<Actor | null> {
  const user = userId === null ? null : await db.client.user.findUnique({ where: { id: userId } });
  if (!user || user.suspendedAt !== null || (user.role !== "root" && user.role !== "reseller")) return null;
  return { kind: "user", userId: user.id, username: user.username, role: user.role, ...privilegesOf(user) };
}
