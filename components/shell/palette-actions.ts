/** What can be done from anywhere. `page`: whoever may see that page may do it. */
export const PALETTE_ACTIONS: readonly { label: string; href: string; page: string; key?: string }[] = [
  { label: "Add a zone", href: "/zones/add", page: "/zones", key: "c" },
  { label: "Import zone files", href: "/zones/add?from=files", page: "/zones" },
  { label: "Add a server to the cluster", href: "/cluster/add", page: "/cluster" },
  // For root only, as the settings are.
  { label: "Cluster map", href: "/cluster/map", page: "/settings" },
  { label: "What is not yet everywhere", href: "/proof/problems", page: "/proof" },
  { label: "Create an API token", href: "/tokens?create=1", page: "/tokens" },
];
