const NAME = /^[a-z0-9.-]{1,253}$/i;
const IPV6 = /^[0-9a-f:.]{2,45}$/i;

/**
 * The DNS Cluster page of a Zonefleet server, which is where it is called as a member too.
 * @param server as others name it: what is no plain name or address makes no link
 */
export function panelUrl({ hostname, port }: { hostname: string; port: number | null }): string | null {
  if (port === null) return null;
  if (NAME.test(hostname)) return `https://${hostname}:${port}/cluster`;
  return hostname.includes(":") && IPV6.test(hostname) ? `https://[${hostname}]:${port}/cluster` : null;
}
