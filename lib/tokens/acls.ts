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

export type TokenAcl = (typeof TOKEN_ACLS)[number]["name"];

export function isTokenAcl(name: string): name is TokenAcl {
  return TOKEN_ACLS.some((acl) => acl.name === name);
}
