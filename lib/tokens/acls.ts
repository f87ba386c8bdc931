/** Privileges that a token can carry, by WHM's names, in the order of the forms: the one that cluster members need comes first. `label` is what the interface shows. */
export const TOKEN_ACLS = [
  { name: "clustering", label: "DNS Clustering" },
  { name: "list-zones", label: "List DNS zones" },
  { name: "create-dns", label: "Add DNS zones" },
  { name: "edit-dns", label: "Edit DNS zones" },
  { name: "kill-dns", label: "Delete DNS zones" },
  { name: "manage-api-tokens", label: "Manage API tokens" },
  { name: "all", label: "Everything its user may do" },
] as const;

/** What root can assign to a reseller: everything but root's own. */
export const RESELLER_ACLS = TOKEN_ACLS.filter((acl) => acl.name !== "all");

/** What a reseller has when root says nothing else: their own zones and API tokens, and no cluster. */
export const DEFAULT_RESELLER_ACLS = ["list-zones", "create-dns", "edit-dns", "kill-dns", "manage-api-tokens"] as const;

export type TokenAcl = (typeof TOKEN_ACLS)[number]["name"];

export function isTokenAcl(name: string): name is TokenAcl {
  return TOKEN_ACLS.some((acl) => acl.name === name);
}
