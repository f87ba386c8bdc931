import { describe, expect, it } from "vitest";
import { diffZones } from "@/lib/dns/diff";
import type { Zone } from "@/lib/dns/zone";
import { parseZoneFile } from "@/lib/dns/zone-file";
import { diffMarks, hasLostZones } from "./plan-marks";

function zone(hosts: number, { ns = "ns1", address = "192.0.2.1", ttl = 300 } = {}): Zone {
  const lines = [
    "$TTL 3600",
    "@ SOA ns1.example.net. hostmaster.example.net. 1 3600 900 1209600 300",
    `@ NS ${ns}.example.net.`,
    ...Array.from({ length: hosts }, (_, index) => `h${index} ${ttl} A ${address}`),
  ];
  const parsed = parseZoneFile(`${lines.join("\n")}\n`, { origin: "example.com." }).zone;
  if (!parsed) throw new Error("The zone of this test cannot be read.");
  return parsed;
}

describe("diffMarks", () => {
  it.each<[string, Zone | null, Zone | null, number, string[]]>([
    ["three of ten removed", zone(8), zone(5), 10, []],
    ["four of ten removed", zone(8), zone(4), 10, ["large-change"]],
    ["most of a small zone removed", zone(7), zone(0), 9, []],
    ["every address changed", zone(8), zone(8, { address: "192.0.2.2" }), 10, ["large-change"]],
    ["every TTL changed", zone(8), zone(8, { ttl: 600 }), 10, ["large-change"]],
    ["many added", zone(0), zone(50), 2, []],
    ["apex NS changed", zone(8), zone(8, { ns: "ns9" }), 10, ["apex-ns"]],
    ["a small zone removed", zone(1), null, 3, ["apex-ns"]],
    ["a large zone removed", zone(8), null, 10, ["large-change", "apex-ns"]],
    ["a zone added", null, zone(8), 0, []],
  ])("%s", (_, before, after, records, expected) => {
    expect(diffMarks("example.com.", diffZones(before, after), records)).toEqual(expected);
  });
});

describe("hasLostZones", () => {
  it.each([
    [9, 0, false],
    [10, 7, false],
    [10, 6, true],
    [1_000, 1_000, false],
    [1_000, 0, true],
  ])("of %i known zones it holds %i: %s", (known, held, expected) => {
    expect(hasLostZones(known, held)).toBe(expected);
  });
});
