import type { Actor } from "@/lib/access/actor";
import { TOKEN_ACLS, type TokenAcl } from "./acls";

/**
 * Whether somebody has a privilege: both the token that they came with, if any, and the account behind it must have it. "all" as WHM means it, everything on
 * this server, is root's.
 */
export function holdsAcl(actor: Actor, acl: TokenAcl): boolean {
  if (actor.kind === "system") return true;
  const { acls, role, privileges } = actor;
  if (acls && !acls.includes("all") && !acls.includes(acl)) return false;
  return role === "root" || (acl !== "all" && privileges?.includes(acl) === true);
}

/** The privileges that somebody can give to a token; "all" is then everything that they have themselves. */
export function grantableAcls(actor: Actor): TokenAcl[] {
  const isWhole = actor.kind === "system" || !actor.acls || actor.acls.includes("all");
  return TOKEN_ACLS.map(({ name }) => name).filter((name) => (name === "all" ? isWhole : holdsAcl(actor, name)));
}
