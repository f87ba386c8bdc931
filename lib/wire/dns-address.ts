/** A numeric address and port where a nameserver answers. */
export interface DnsAddress {
  readonly address: string;
  readonly port: number;
}

/** `address#port`, as dig writes it. */
export function formatAddress(server: DnsAddress): string {
  return `${server.address}#${server.port}`;
}
