/** Which zones a target is to have, by their owner. */
export type Reach =
  /** The local nameserver: all that are here, whoever's. */
  | { readonly kind: "every" }
  /** A member of root's: the zones of all accounts but those with a cluster of their own (ascending ids). */
  | { readonly kind: "shared"; readonly except: readonly number[] }
  /** A reseller's member: the zones of that account. */
  | { readonly kind: "account"; readonly ownerId: number }
  /** A reseller's member whose entry is not in effect. */
  | { readonly kind: "none" };

/** Whether a zone of this owner is to be at a target with this reach. */
export function reaches(reach: Reach, ownerId: number): boolean {
  switch (reach.kind) {
    case "every":
      return true;
    case "shared":
      return !reach.except.includes(ownerId);
    case "account":
      return reach.ownerId === ownerId;
    case "none":
      return false;
  }
}
