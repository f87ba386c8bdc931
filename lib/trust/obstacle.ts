import type { Actor } from "@/lib/access/actor";
import { authorize, can } from "@/lib/access/authorize";
import type { Context } from "@/lib/context";
import { AppError } from "@/lib/errors";
import { privilegesOf } from "@/lib/users/privileges";

/**
 * What root has to do before a reverse trust can be set up in an account's cluster, in one or two sentences: the API token that is made for it is the
 * account's, so the account has to hold what the token carries, and whoever sets the trust up has to be allowed to make tokens. (A server that is named as a
 * member is handed the token: without that rule a reseller could make tokens by naming one.)
 * @returns null: nothing is in the way
 * @throws AppError "forbidden", "not-found" for somebody else's account
 */
export async function setUpObstacle(ctx: Context, actor: Actor, accountId: number): Promise<string | null> {
  authorize(actor, "cluster.manage", accountId);
  if (!can(actor, "token.manage"))
    return "Setting up a reverse trust makes an API token, and your account has not the privilege for that. Ask root to grant it “Manage API tokens” (manage-api-tokens) on the page Users.";
  const user = await ctx.db.client.user.findUnique({ where: { id: accountId } });
  if (!user) throw new AppError("not-found", "There is no such account.");
  if (user.suspendedAt !== null)
    return `The account ${user.username} is suspended: its API tokens are refused, so no server could call this one with them.`;
  const { privileges } = privilegesOf(user);
  if (privileges && !privileges.includes("clustering"))
    return `The account ${user.username} has not the privilege “DNS Clustering” (clustering), which the API token has to carry. Grant it on the page Users.`;
  return null;
}
