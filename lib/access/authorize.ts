import { AppError } from "@/lib/errors";
import type { Actor } from "./actor";

/**
 * Everything that can be asked for, and who may. `own`: only what belongs to the asker. An action that is not in this table does not compile.
 * `acl`: one of these WHM privileges is asked of a token, and of a reseller's account (root assigns them).
 */
const RULES = {
  "zone.read": { root: "all", reseller: "own", acl: ["clustering", "list-zones", "edit-dns"] },
  "zone.write": { root: "all", reseller: "own", acl: ["clustering", "edit-dns"] },
  "zone.create": { root: "all", reseller: "own", acl: ["clustering", "create-dns"] },
  "zone.delete": { root: "all", reseller: "own", acl: ["clustering", "kill-dns"] },
  /** Gives zones to another account. */
  "zone.assign": { root: "all", reseller: "none", acl: ["all"] },
  /** The member protocol: zones in bulk, as a cluster member. A reseller's token reaches the reseller's own zones. */
  "cluster.member": { root: "all", reseller: "own", acl: ["clustering"] },
  /** Members, what is sent to them and how they are. */
  "cluster.manage": { root: "all", reseller: "own", acl: ["clustering"] },
  /** WHM's section "DNS Clustering": whether the server has a cluster, and its global options. */
  "cluster.settings": { root: "all", reseller: "none", acl: ["clustering"] },
  /** Synchronize DNS Records: root's plans are over every zone and member, a reseller's over their own zones and the members that these go to. */
  "sync.manage": { root: "all", reseller: "own", acl: ["clustering"] },
  "template.manage": { root: "all", reseller: "none", acl: ["all"] },
  "user.manage": { root: "all", reseller: "none", acl: ["all"] },
  "settings.manage": { root: "all", reseller: "none", acl: ["all"] },
  "audit.read": { root: "all", reseller: "none", acl: ["all"] },
  /** What people were told, and sending it again. */
  "notice.read": { root: "all", reseller: "own", acl: ["clustering", "manage-api-tokens"] },
  "token.manage": { root: "all", reseller: "own", acl: ["manage-api-tokens"] },
} as const satisfies Record<string, { root: Scope; reseller: Scope; acl: readonly string[] }>;

type Scope = "all" | "own" | "none";
export type Action = keyof typeof RULES;

declare const checked: unique symbol;

/** Proof that `authorize` was asked: services take this, not an actor, where they mutate. */
export interface Authorized<A extends Action = Action> {
  readonly actor: Actor;
  readonly action: A;
  /** null: everything; otherwise only rows of this user. */
  readonly ownerId: number | null;
  readonly [checked]: true;
}

function scopeOf(actor: Actor, action: Action): Scope {
  if (actor.kind === "system") return "all";
  const rule = RULES[action];
  if (actor.acls && !actor.acls.includes("all") && !rule.acl.some((acl) => actor.acls?.includes(acl))) return "none";
  if (actor.role === "reseller" && !rule.acl.some((acl) => actor.privileges?.includes(acl))) return "none";
  return rule[actor.role];
}

/** Whether `actor` may do `action` at all, on something of its own. For showing and hiding; services still call `authorize`. */
export function can(actor: Actor, action: Action): boolean {
  return scopeOf(actor, action) !== "none";
}

/**
 * @param ownerId the owner of the row that is meant, when there is one already.
 * @throws AppError "forbidden" when the asker may never do this; "not-found" when the row is somebody else's, so that
 *   outsiders cannot tell forbidden from missing.
 */
export function authorize<A extends Action>(actor: Actor, action: A, ownerId?: number): Authorized<A> {
  const scope = scopeOf(actor, action);
  if (scope === "none") throw new AppError("forbidden", "You do not have the privilege for this. Ask root for it.");
  const own = scope === "own" && actor.kind === "user" ? actor.userId : null;
  if (own !== null && ownerId !== undefined && ownerId !== own)
    throw new AppError("not-found", "There is no such thing here, or it is not yours.");
  return { actor, action, ownerId: own } as Authorized<A>;
}
