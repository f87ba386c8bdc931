import type { Actor } from "@/lib/access/actor";
import { type Action, can } from "@/lib/access/authorize";

export interface Destination {
  readonly href: string;
  readonly label: string;
  /** The key after "g". */
  readonly key: string;
}

export interface NavGroup {
  readonly label: string;
  readonly destinations: readonly Destination[];
}

type Rule = Destination & { readonly needs: Action | null; readonly rootOnly?: true };

const GROUPS: readonly { label: string; destinations: readonly Rule[] }[] = [
  {
    label: "DNS",
    destinations: [
      { href: "/", label: "Overview", key: "o", needs: null },
      { href: "/zones", label: "Zones", key: "z", needs: "zone.read" },
      { href: "/changes", label: "Change sets", key: "h", needs: "zone.read" },
      { href: "/recycle-bin", label: "Recycle bin", key: "b", needs: "zone.read" },
      { href: "/templates", label: "Zone templates", key: "m", needs: "template.manage" },
      { href: "/cluster", label: "DNS Cluster", key: "c", needs: "cluster.manage" },
      { href: "/proof", label: "Fleet status", key: "f", needs: "zone.read" },
      { href: "/synchronize", label: "Synchronize DNS Records", key: "y", needs: "sync.manage" },
      { href: "/orphans", label: "Orphaned zones", key: "r", needs: "cluster.manage" },
    ],
  },
  {
    label: "Server",
    destinations: [
      { href: "/notifications", label: "Notifications", key: "n", needs: "notice.read" },
      { href: "/tokens", label: "API Tokens", key: "t", needs: "token.manage" },
      { href: "/trusted-ips", label: "Trusted IPs", key: "i", needs: "settings.manage" },
      { href: "/users", label: "Users", key: "u", needs: "user.manage" },
      { href: "/audit", label: "Audit log", key: "a", needs: "audit.read" },
      { href: "/settings", label: "Settings", key: "s", needs: "settings.manage" },
    ],
  },
];

/** The places that `actor` may see, in the order of the menu. */
export function navigationFor(actor: Actor): NavGroup[] {
  return GROUPS.map(({ label, destinations }) => ({
    label,
    destinations: destinations
      .filter(({ needs }) => needs === null || can(actor, needs))
      .map(({ href, label: name, key }) => ({ href, label: name, key })),
  })).filter((group) => group.destinations.length > 0);
}
