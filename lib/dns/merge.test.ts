import { describe, expect, it } from "vitest";
import { holdsChange, mergeZones } from "./merge";
import { formatZone, parseZoneFile } from "./zone-file";

const APEX = "example.com.";
const HEAD = "@ 300 SOA ns1 hostmaster 5 3600 900 1209600 300\n@ 300 NS ns1.example.net.\n";
const zone = (records: string, head = HEAD) => {
  const { zone } = parseZoneFile(`${head}${records}`, { origin: APEX, defaultTtl: 300 });
  if (!zone) throw new Error(records);
  return zone;
};
const merge = (base: string, wanted: string, current: string) => {
  const { zone: merged, conflicts } = mergeZones({ base: zone(base), wanted: zone(wanted), current: zone(current) });
  return { text: formatZone(merged), conflicts: conflicts.map(({ owner, type }) => `${owner} ${type}`) };
};

describe("merging three ways", () => {
  it.each([
    ["only the change", "a A 192.0.2.1", "a A 192.0.2.2", "a A 192.0.2.1", "a A 192.0.2.2"],
    [
      "the other one at another name",
      "a A 192.0.2.1",
      "a A 192.0.2.2",
      "a A 192.0.2.1\nb A 192.0.2.9",
      "a A 192.0.2.2\nb A 192.0.2.9",
    ],
    ["both the same", "a A 192.0.2.1", "a A 192.0.2.2", "a A 192.0.2.2", "a A 192.0.2.2"],
    [
      "two records of one RRset",
      "a A 192.0.2.1",
      "a A 192.0.2.2",
      "a A 192.0.2.1\na A 192.0.2.9",
      "a A 192.0.2.2\na A 192.0.2.9",
    ],
    [
      "both add to one RRset",
      "a A 192.0.2.1",
      "a A 192.0.2.1\na A 192.0.2.2",
      "a A 192.0.2.1\na A 192.0.2.3",
      "a A 192.0.2.1\na A 192.0.2.2\na A 192.0.2.3",
    ],
    ["a TTL and a record", "a A 192.0.2.1", "a A 192.0.2.2", "a 60 A 192.0.2.1", "a 60 A 192.0.2.2"],
    [
      "a removal beside an edit",
      "a A 192.0.2.1\nb A 192.0.2.1",
      "b A 192.0.2.1",
      "a A 192.0.2.1\nb A 192.0.2.7",
      "b A 192.0.2.7",
    ],
  ])("%s", (_, base, wanted, current, expected) => {
    expect(merge(base, wanted, current)).toEqual({ text: formatZone(zone(expected)), conflicts: [] });
  });

  it.each([
    ["the same record", "a A 192.0.2.1", "a A 192.0.2.2", "a A 192.0.2.3", "a.example.com. A"],
    ["a record that is gone", "a A 192.0.2.1", "a A 192.0.2.2", "", "a.example.com. A"],
    ["different TTLs", "a A 192.0.2.1", "a 60 A 192.0.2.1", "a 90 A 192.0.2.1", "a.example.com. A"],
    ["an alias", "a CNAME x", "a CNAME y", "a CNAME z", "a.example.com. CNAME"],
    ["a name that both filled", "", "a A 192.0.2.1", "a A 192.0.2.2", "a.example.com. A"],
  ])("is a conflict: %s", (_, base, wanted, current, expected) => {
    // What is in conflict stays as it is.
    expect(merge(base, wanted, current)).toEqual({ text: formatZone(zone(current)), conflicts: [expected] });
  });

  it("keeps the serial that is the newest", () => {
    const soa = (serial: number, refresh: number) =>
      `@ 300 SOA ns1 hostmaster ${serial} ${refresh} 900 1209600 300\n@ 300 NS ns1.example.net.\n`;
    const merged = mergeZones({
      base: zone("", soa(1, 3600)),
      wanted: zone("", soa(0, 7200)),
      current: zone("a A 192.0.2.1", soa(9, 3600)),
    });
    expect(merged.conflicts).toEqual([]);
    expect(formatZone(merged.zone)).toContain("hostmaster.example.com. 9 7200");
  });
});

describe("whether a copy holds a change", () => {
  it.each([
    ["made from it", "a A 192.0.2.1", "a A 192.0.2.2", "a A 192.0.2.2\nb A 192.0.2.1", true],
    ["made from what was before", "a A 192.0.2.1", "a A 192.0.2.2", "a A 192.0.2.1\nb A 192.0.2.1", false],
    ["without what was added", "", "a A 192.0.2.1", "b A 192.0.2.1", false],
    ["with what was removed", "a A 192.0.2.1", "", "a A 192.0.2.1", false],
    ["with the old TTL", "a A 192.0.2.1", "a 60 A 192.0.2.1", "a A 192.0.2.1", false],
    ["no change at all", "a A 192.0.2.1", "a A 192.0.2.1", "", true],
  ])("%s", (_, base, changed, copy, expected) => {
    expect(holdsChange(zone(copy), zone(base), zone(changed))).toBe(expected);
  });
});
