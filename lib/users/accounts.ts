import type { Actor } from "@/lib/access/actor";
import { authorize } from "@/lib/access/authorize";
import type { Context } from "@/lib/context";
import { AppError } from "@/lib/errors";

/** Suggestions for a field that takes an account's name. */
const SUGGESTED = 500;

/** Names of accounts, root first, then by name. @throws AppError "forbidden" for anyone but root */
export async function accountNames(ctx: Context, actor: Actor): Promise<string[]> {
  authorize(actor, "user.manage");
  const users = await ctx.db.client.user.findMany({
    select: { username: true },
    orderBy: [{ role: "desc" }, { username: "asc" }],
    take: SUGGESTED,
  });
  return users.map(({ username }) => username);
}

/** The account of that name. @throws AppError "forbidden" for anyone but root; "invalid-input" (`fields.account`) */
export async function accountNamed(ctx: Context, actor: Actor, name: string): Promise<number> {
  authorize(actor, "user.manage");
  const username = name.trim().toLowerCase();
  const user = await ctx.db.client.user.findUnique({ where: { username }, select: { id: true } });
  if (user) return user.id;
  const message = username === "" ? "Enter the name of an account." : `There is no account ${username.slice(0, 64)}.`;
  throw new AppError("invalid-input", message, { fields: { account: message } });
}
