import type { RecordLimits } from "@/lib/drivers/records/record-limits";

/**
 * As SoftLayer's API reference (SoftLayer_Dns_Domain, SoftLayer_Dns_Domain_ResourceRecord) gives them. It knows PTR and SPF too: PTR for the reverse zones of an
 * account's networks, which are another service, and SPF is obsolete (RFC 7208 §3.1) but stored. The shortest TTL and the SRV protocols are those
 * that other clients found.
 */
export const SOFTLAYER_LIMITS: RecordLimits = {
  service: "SoftLayer",
  types: ["A", "AAAA", "CNAME", "MX", "NS", "SPF", "SRV", "TXT"],
  maxZoneName: 150,
  maxHost: 50,
  maxData: 255,
  minTtl: 60,
  maxTtl: 99_999_999,
  srvProtocols: ["tcp", "udp", "tls"],
  needsAddress: true,
};
