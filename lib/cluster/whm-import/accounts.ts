import type { Actor } from "@/lib/access/actor";
import { authorize } from "@/lib/access/authorize";
import type { Context } from "@/lib/context";
import { AppError } from "@/lib/errors";
import { privilegesOf } from "@/lib/users/privileges";
import type { WhmConfig } from "./whm-config";

/** An account of this server whose cluster entries of the configuration go to. */
export interface ImportAccount {
  readonly id: number;
  readonly username: string;
  /** It may look after its cluster itself. */
  readonly mayCluster: boolean;
}

/** Whose entries are imported, and into whose clusters. */
export interface ImportScope {
  /** The entries of this user only; null: everybody's, and what holds for all. */
  readonly only: string | null;
  /** By WHM's user. `root` is not in it: root's entries are those of whoever asks. */
  readonly accounts: ReadonlyMap<string, ImportAccount>;
}

/** WHM's own user, whose entries everybody's zones go to. */
export const WHM_ROOT = "root";

/**
 * The accounts of this server that WHM's resellers are: those of the same name.
 * @param accountId "Managing DNS cluster as" a reseller: only that account's entries
 * @throws AppError "forbidden" unless root asks; "not-found" for an account that does not exist
 */
export async function importScope(
  ctx: Context,
  actor: Actor,
  accountId: number | undefined,
  { nodes }: WhmConfig,
): Promise<ImportScope> {
  authorize(actor, "settings.manage");
  const users = await ctx.db.client.user.findMany({
    where: accountId === undefined ? { username: { in: nodes.map(({ user }) => user) } } : { id: accountId },
    select: { id: true, username: true, role: true, acls: true },
  });
  const accounts = users
    .filter(({ username }) => username !== WHM_ROOT)
    .map((user): [string, ImportAccount] => {
      const { privileges } = privilegesOf(user);
      const mayCluster = user.role === "root" || privileges?.includes("clustering") === true;
      return [user.username, { id: user.id, username: user.username, mayCluster }];
    });
  const [managed] = users;
  if (accountId !== undefined && !managed) throw new AppError("not-found", "There is no such account.");
  // Root's cluster is what an import is about anyway.
  const only = accountId === undefined || managed?.role === "root" ? null : (managed?.username ?? null);
  return { only, accounts: new Map(accounts) };
}
