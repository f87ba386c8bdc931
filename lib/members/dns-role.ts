import type { Backend } from "./backends";

/** What this server does towards a member (WHM's words). The value is what the database and WHM's own files hold. */
export type DnsRole = "standalone" | "sync" | "write-only";

export interface DnsRoleInfo {
  readonly value: DnsRole;
  readonly label: string;
  /** One sentence for the form and for the table's tooltip. */
  readonly help: string;
  /** Shown where the role is chosen, when the choice can hurt. */
  readonly warning?: string;
  readonly warningTitle?: string;
  /** Whether zones are sent to the member: then it has a Target row. */
  readonly sends: boolean;
  /** Whether newer zones are taken in from it. */
  readonly receives: boolean;
}

/** In the order of the menu. */
export const DNS_ROLES: readonly DnsRoleInfo[] = [
  {
    value: "standalone",
    label: "Standalone",
    help: "Takes newer zones from the remote server. Sends nothing to it.",
    sends: false,
    receives: true,
  },
  {
    value: "sync",
    label: "Synchronize",
    help: "Keeps this server and the remote server alike, both ways: the newest copy of a zone wins. Right for most clusters.",
    sends: true,
    receives: true,
  },
  {
    value: "write-only",
    label: "Write-only",
    help: "Sends this server's zones to the remote server and never asks what it has.",
    warningTitle: "Write-only does not look before it writes.",
    warning:
      "Write-only overwrites what the remote server has, without looking and without resolving conflicts. If two servers write one zone to the same remote server, they undo each other's changes and records can be lost. Adding a zone here does not check whether the remote server has one of that name already. A remote server that runs Zonefleet marks such zones with “Two writers”; where it sends the zone back to this one, the newer copy stays at both.",
    sends: true,
    receives: false,
  },
];

const BY_VALUE = new Map(DNS_ROLES.map((role) => [role.value as string, role]));

/** @throws Error for a value that is none: the database holds only what the schemas let in. */
export function dnsRole(value: string): DnsRoleInfo {
  const role = BY_VALUE.get(value);
  if (!role) throw new Error(`"${value}" is not a DNS role.`);
  return role;
}

/** What roles mean towards a hosted DNS service. */
const AT_SERVICE: Partial<Record<DnsRole, Partial<DnsRoleInfo>>> = {
  standalone: {
    help: "Sends nothing to the service, and takes nothing from it. What it holds already stays there.",
    receives: false,
  },
  "write-only": {
    help: "Sends this server's zones to the service, record by record.",
    warningTitle: "The service's records become those of this server.",
    warning:
      "Write-only makes the service's records of a zone the ones of this server: records that were added there by hand are removed. A zone of the same name that the account holds already is taken over.",
    receives: false,
  },
};

/** The DNS roles that a backend can have, in its words. */
export function dnsRolesOf(backend: Pick<Backend, "roles" | "isService">): DnsRoleInfo[] {
  return backend.roles.map((value) => dnsRoleAt(backend, value));
}

/** A member's role in the words of its backend. @throws Error for a value that is none */
export function dnsRoleAt(backend: Pick<Backend, "isService">, value: string): DnsRoleInfo {
  const role = dnsRole(value);
  return { ...role, ...(backend.isService ? AT_SERVICE[role.value] : {}) };
}
