import { type DnsRole, dnsRole } from "./dns-role";

/**
 * What a reseller's entry for a server does beside root's cluster. WHM's rules, as its documentation gives them:
 *
 * - root's entry for the server is Standalone: the reseller may choose any role.
 * - root's entry is Synchronize or Write-only: root's entry brings the server the reseller's zones as well, and a reseller's Standalone is ignored. The
 *   documentation does not say what a reseller's Synchronize or Write-only does there. Here it does nothing more: two entries that both send a zone to one
 *   server would fight over its state.
 * - root has no entry for it: the reseller may only use Standalone. Synchronize is then no more than its Standalone half, and Write-only, which has none,
 *   does nothing.
 *
 * With Unique DNS Clustering the reseller's zones do not go to root's members at all, so that root's entries say nothing about them: every role is in
 * effect as chosen. Both may then have the same server, each entry with zones of its own.
 */
export type InEffect = "as-chosen" | "standalone" | "root" | "nothing";

const SHARED: Readonly<Record<DnsRole | "none", Readonly<Record<DnsRole, InEffect>>>> = {
  none: { standalone: "as-chosen", sync: "standalone", "write-only": "nothing" },
  standalone: { standalone: "as-chosen", sync: "as-chosen", "write-only": "as-chosen" },
  sync: { standalone: "root", sync: "root", "write-only": "root" },
  "write-only": { standalone: "root", sync: "root", "write-only": "root" },
};

/** A reseller's entry beside root's. */
export interface Combination {
  /** The role that the reseller chose. */
  readonly chosen: DnsRole;
  /** The role of root's entry for the same server; null: root has none. */
  readonly rootRole: DnsRole | null;
  readonly uniqueCluster: boolean;
}

export interface CombinedRole {
  readonly inEffect: InEffect;
  /** Whether this entry sends the reseller's zones. */
  readonly sends: boolean;
  /** Whether newer copies are taken in through this entry. */
  readonly receives: boolean;
}

export function combinedRole({ chosen, rootRole, uniqueCluster }: Combination): CombinedRole {
  const inEffect = uniqueCluster ? "as-chosen" : SHARED[rootRole ?? "none"][chosen];
  const role = inEffect === "as-chosen" ? dnsRole(chosen) : inEffect === "standalone" ? dnsRole("standalone") : null;
  return { inEffect, sends: role?.sends ?? false, receives: role?.receives ?? false };
}

/** Why a reseller's role is not in effect as chosen, for the table; null when it is. It tells nothing about root's members. */
export function inEffectWords(inEffect: InEffect): string | null {
  switch (inEffect) {
    case "as-chosen":
      return null;
    case "standalone":
      return "In effect: Standalone. Nothing is sent to it while your zones go to root's cluster. Choose Unique DNS Clustering to send them here.";
    case "root":
      return "Root's cluster decides about this server while your zones go to root's cluster. This entry does nothing.";
    case "nothing":
      return "Not in effect: nothing is sent to it while your zones go to root's cluster. Choose Unique DNS Clustering to send them here.";
  }
}
