/** Who asks. Made where a request enters (session, token, engine) and passed to every service. */
export type Actor = UserActor | SystemActor;

export interface UserActor {
  readonly kind: "user";
  readonly userId: number;
  readonly username: string;
  readonly role: "root" | "reseller";
  /** WHM's ACL names that root assigned to a reseller; without them a reseller may do nothing. Root's are not asked for. */
  readonly privileges?: readonly string[];
  /** WHM's ACL names when the caller came with a token that does not carry all; undefined: everything its role may do. */
  readonly acls?: readonly string[];
  /** The token that the caller came with, and what else limits it: until when (epoch milliseconds) and from which networks (none: everywhere) it works. */
  readonly token?: {
    readonly id: number;
    readonly name: string;
    readonly expiresAt: number | null;
    readonly allowedIps: readonly string[];
  };
  /** Numeric address of the caller, for the audit trail. */
  readonly address?: string;
  /** The call was handed on by a proxy at `address` that is not named: whose it is is not known. */
  readonly isForwarded?: true;
  /** The member that the call came from, when the caller proved to be one. */
  readonly memberId?: number;
}

/** The server itself: the engine, first start, housekeeping. */
export interface SystemActor {
  readonly kind: "system";
  /** e.g. "engine" */
  readonly name: string;
}

export const engineActor: SystemActor = { kind: "system", name: "engine" };

/** The name that history and audit show. */
export function actorName(actor: Actor): string {
  return actor.kind === "user" ? actor.username : actor.name;
}

/** Row ids of a user; null for the system. */
export function actorId(actor: Actor): number | null {
  return actor.kind === "user" ? actor.userId : null;
}
