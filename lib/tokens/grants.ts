import type { Actor } from "@/lib/access/actor";
import { AppError } from "@/lib/errors";
import { isWithin } from "@/lib/net/address-set";
import type { TokenAcl } from "./acls";
import { grantableAcls } from "./held-acls";

/** Until when (epoch milliseconds; null: for ever) and from where (addresses and CIDRs; none: from everywhere) a token works. */
export interface TokenReach {
  readonly expiresAt: number | null;
  readonly allowedIps: readonly string[];
}

/**
 * The privileges that a token gets.
 * @param requested left out or empty: everything that its maker has, as WHM does it
 * @throws AppError "forbidden" for one that its maker has not
 */
export function grantedAcls(actor: Actor, requested: readonly TokenAcl[] | undefined): readonly string[] {
  const held = actor.kind === "user" ? (actor.acls ?? ["all"]) : ["all"];
  if (requested === undefined || requested.length === 0) return held;
  const grantable = grantableAcls(actor);
  const missing = requested.find((acl) => !grantable.includes(acl));
  if (missing !== undefined)
    throw new AppError("forbidden", `A privilege can only be given by who has it, and you have not ${missing}.`);
  return requested.includes("all") ? ["all"] : [...new Set(requested)];
}

/**
 * Otherwise whoever stole a token that works for a day and from one address would make one of it that works for ever and from everywhere.
 * @param requested what is left out of it is that of the token that its maker came with
 * @throws AppError "forbidden" for a reach beyond that token's
 */
export function grantedReach(actor: Actor, requested: TokenReach): TokenReach {
  const held = actor.kind === "user" ? actor.token : undefined;
  if (!held) return requested;
  const expiresAt = requested.expiresAt ?? held.expiresAt;
  if (expiresAt !== null && held.expiresAt !== null && expiresAt > held.expiresAt)
    throw new AppError("forbidden", "A token cannot make one that lasts longer than itself.");
  if (held.allowedIps.length === 0) return { expiresAt, allowedIps: requested.allowedIps };
  if (requested.allowedIps.length === 0) return { expiresAt, allowedIps: held.allowedIps };
  const outside = requested.allowedIps.find((network) => !isWithin(network, held.allowedIps));
  if (outside !== undefined)
    throw new AppError("forbidden", `A token only works from ${outside} when the one that makes it does.`);
  return { expiresAt, allowedIps: requested.allowedIps };
}
