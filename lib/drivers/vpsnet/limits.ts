import type { RecordLimits } from "@/lib/drivers/records/record-limits";

/**
 * The types are those that VPS.NET's own client of 2012 writes. It names no lengths: what a name and a character-string may have in DNS (RFC 1035 §2.3.4, §3.3) is
 * asked for here.
 */
export const VPSNET_LIMITS: RecordLimits = {
  service: "VPS.NET",
  types: ["A", "AAAA", "CNAME", "MX", "NS", "TXT"],
  maxZoneName: 253,
  maxHost: 253,
  maxData: 255,
  minTtl: 60,
  maxTtl: 604_800,
  srvProtocols: [],
  needsAddress: false,
};
