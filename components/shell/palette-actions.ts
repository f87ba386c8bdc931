/** What can be done from anywhere. `page`: whoever may see that page may do it. */
export const PALETTE_ACTIONS = [
  { label: "Add a zone", href: "/zones/add", key: "c", page: "/zones" },
  { label: "Add a server to the cluster", href: "/cluster/add", key: "m", page: "/cluster" },
  { label: "Create an API token", href: "/tokens?create=1", key: "t", page: "/tokens" },
] as const;
