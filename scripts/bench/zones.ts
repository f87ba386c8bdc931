/** The zone that everything is measured with: 20 records, about 1.2 KB, as a hosting panel makes them. */
export interface BenchZone {
  /** Apex: absolute, lower case, final dot. */
  readonly name: string;
  readonly text: string;
  readonly serial: number;
}

export const FIRST_SERIAL = 2_024_010_101;

/** @param index tells the zones apart. @param version moves the serial and the address: another version is another content. */
export function benchZone(index: number, version = 0): BenchZone {
  const name = `z${String(index).padStart(6, "0")}.bench.example.`;
  const serial = FIRST_SERIAL + version;
  const address = `198.51.100.${1 + (version % 254)}`;
  const lines = [
    `@ 86400 IN SOA ns1.example.net. hostmaster.example.net. ${serial} 3600 1800 1209600 86400`,
    "@ 86400 IN NS ns1.example.net.",
    "@ 86400 IN NS ns2.example.net.",
    `@ IN A ${address}`,
    "@ IN AAAA 2001:db8::80",
    "@ IN MX 10 mail",
    "@ IN MX 20 backup.example.net.",
    '@ IN TXT "v=spf1 mx include:example.net -all"',
    '@ IN CAA 0 issue "ca.example.org"',
    'default._domainkey IN TXT "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="',
    '_dmarc IN TXT "v=DMARC1; p=none"',
    "_autodiscover._tcp IN SRV 0 0 443 mail.example.net.",
    ...["www", "ftp", "webmail", "cpanel", "shop"].map((host) => `${host} IN A ${address}`),
    ...["mail", "imap", "smtp"].map((host) => `${host} IN A 192.0.2.25`),
  ];
  return { name, serial, text: `$ORIGIN ${name}\n$TTL 14400\n${lines.join("\n")}\n` };
}

export function benchZones(from: number, count: number, version = 0): BenchZone[] {
  return Array.from({ length: count }, (_, index) => benchZone(from + index, version));
}
