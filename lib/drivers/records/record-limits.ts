/** What a DNS service that stores record by record cannot hold of a zone. Plain data: pages say it before anything is sent. */
export interface RecordLimits {
  /** What people call the service. */
  readonly service: string;
  /** Types that it stores, in upper case. SOA and the NS records of the zone itself are always the service's own. */
  readonly types: readonly string[];
  /** Characters in a zone's name without the final dot. */
  readonly maxZoneName: number;
  /** Characters in an owner's name, relative to the zone. */
  readonly maxHost: number;
  /** Characters in a record's data. */
  readonly maxData: number;
  /** Seconds; a TTL outside of them is moved to the nearer end. */
  readonly minTtl: number;
  readonly maxTtl: number;
  /** Protocols of SRV owners (`_service._protocol`), without underscore; empty: it stores no SRV. */
  readonly srvProtocols: readonly string[];
  /** Whether a zone can only be made there with at least one A or AAAA record. */
  readonly needsAddress: boolean;
}

const figure = new Intl.NumberFormat("en");

/** The limits in sentences, for the form and for the member's page. */
export function limitWords(limits: RecordLimits): string[] {
  const { service, types, maxZoneName, maxHost, maxData, minTtl, maxTtl, srvProtocols, needsAddress } = limits;
  return [
    `Holds records of the types ${listWords(types)}. Records of other types are left out.`,
    "Keeps the SOA record and the NS records of the zone itself as its own: ours are not sent, its own are left alone.",
    `Takes names of up to ${maxHost} characters in front of the zone, made of letters, digits, hyphens, underscores and an asterisk, and data of up to ${maxData} characters. Longer ones are left out.`,
    `Takes plain ASCII text in TXT records, without quotes and backslashes and of up to ${maxData} characters, all strings together. Several strings are sent as one; a longer text, such as a DKIM key of 2048 bits, is left out. A CNAME can lead to where it is held.`,
    `Takes TTLs from ${figure.format(minTtl)} to ${figure.format(maxTtl)} seconds. Others are moved to the nearer end.`,
    ...(srvProtocols.length > 0
      ? [`Takes SRV records for ${listWords(srvProtocols)} only, at names such as _sip._tcp.`]
      : []),
    ...(needsAddress ? ["Makes a zone only when it has at least one A or AAAA record."] : []),
    `Takes zones whose names have up to ${maxZoneName} characters, made of letters, digits and hyphens. Reverse zones are not sent.`,
    `Numbers zones itself: ${service}'s serials say nothing of ours. What it holds is compared record by record each time a zone is sent.`,
  ];
}

/** "A, B and C" */
export function listWords(words: readonly string[]): string {
  const last = words.at(-1) ?? "";
  return words.length > 1 ? `${words.slice(0, -1).join(", ")} and ${last}` : last;
}
