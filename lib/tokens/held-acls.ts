import type { Actor } from "@/lib/access/actor";
import { type Action, can } from "@/lib/access/authorize";
import { TOKEN_ACLS, type TokenAcl } from "./acls";

/** What a privilege is for: whoever may not do it has not the privilege. */
const ACTIONS: Readonly<Record<Exclude<TokenAcl, "all">, Action>> = {
  clustering: "cluster.member",
  "list-zones": "zone.read",
  "create-dns": "zone.create",
  "edit-dns": "zone.write",
  "kill-dns": "zone.delete",
  "manage-api-tokens": "token.manage",
};

/**
 * Whether somebody has a privilege: both the token that they came with, if any, and the role behind it must have it. "all" as WHM means it, everything on this
 * server, is root's.
 */
export function holdsAcl(actor: Actor, acl: TokenAcl): boolean {
  if (actor.kind === "system") return true;
  const { acls, ...rest } = actor;
  if (acls && !acls.includes("all") && !acls.includes(acl)) return false;
  return acl === "all" ? actor.role === "root" : can(rest, ACTIONS[acl]);
}

/** The privileges that somebody can give to a token; "all" is then everything that they have themselves. */
export function grantableAcls(actor: Actor): TokenAcl[] {
  const isWhole = actor.kind === "system" || !actor.acls || actor.acls.includes("all");
  return TOKEN_ACLS.map(({ name }) => name).filter((name) => (name === "all" ? isWhole : holdsAcl(actor, name)));
}
