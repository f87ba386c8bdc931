import { describe, expect, it } from "vitest";
import { canonicalValue, REPLACEABLE_TYPES, type ReplaceableType, replaceValue } from "./replace-value";
import { formatZone, parseZoneFile } from "./zone-file";

const zone = (records: string) => {
  const text = `@ 300 SOA ns1 hostmaster 5 3600 900 1209600 300\n@ 300 NS ns1.example.net.\n${records}`;
  const { zone } = parseZoneFile(text, { origin: "example.com.", defaultTtl: 300 });
  if (!zone) throw new Error(records);
  return zone;
};

describe("replacing a value", () => {
  it.each<[ReplaceableType, string, string, string, string]>([
    ["A", "192.0.2.1", "192.0.2.2", "a A 192.0.2.1\nb A 192.0.2.11", "a A 192.0.2.2\nb A 192.0.2.11"],
    ["AAAA", "2001:DB8:0::1", "2001:db8::2", "a AAAA 2001:db8::1", "a AAAA 2001:db8::2"],
    ["CNAME", "old.example.net", "new.example.net.", "a CNAME old.example.net.", "a CNAME new.example.net."],
    [
      "MX",
      "Mail.example.net",
      "mx.example.net",
      "@ MX 10 mail.example.net.\n@ MX 20 b.example.net.",
      "@ MX 10 mx.example.net.\n@ MX 20 b.example.net.",
    ],
    [
      "SRV",
      "sip.example.net",
      "voip.example.net",
      "_sip._tcp SRV 1 2 5060 sip.example.net.",
      "_sip._tcp SRV 1 2 5060 voip.example.net.",
    ],
    ["TXT", "v=spf1 -all", "v=spf1 ip4:192.0.2.1 -all", '@ TXT "v=spf1 -all"', '@ TXT "v=spf1 ip4:192.0.2.1 -all"'],
    ["PTR", "old.example.net", "new.example.net", "1 PTR old.example.net.", "1 PTR new.example.net."],
  ])("of %s records", (type, from, to, before, after) => {
    const replacement = { type, from: canonicalValue(type, from), to: canonicalValue(type, to), ttl: null };
    const result = replaceValue(zone(before), replacement);
    expect(result.count).toBe(1);
    expect(formatZone(result.zone)).toBe(formatZone(zone(after)));
  });

  it("leaves a record that would be there twice once, and sets the TTL where it found something", () => {
    const { zone: after, count } = replaceValue(zone("a A 192.0.2.1\na A 192.0.2.2\nb A 192.0.2.2"), {
      type: "A",
      from: "192.0.2.1",
      to: "192.0.2.2",
      ttl: 60,
    });
    expect(count).toBe(1);
    expect(formatZone(after)).toBe(formatZone(zone("a 60 A 192.0.2.2\nb 300 A 192.0.2.2")));
  });

  it("gives the same zone where the value is not", () => {
    const before = zone("a A 192.0.2.1");
    for (const type of REPLACEABLE_TYPES)
      expect(replaceValue(before, { type, from: "192.0.2.9", to: "192.0.2.2", ttl: 60 }).zone).toBe(before);
  });

  it("refuses what is no such value", () => {
    expect(() => canonicalValue("A", "www")).toThrow();
    expect(() => canonicalValue("MX", "10 mail.example.net")).toThrow();
  });
});
