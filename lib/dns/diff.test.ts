import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { diffZones, isEmptyDiff, recordDiff } from "./diff";
import { anyZone, soundZone } from "./testing/arbitraries";
import type { Zone } from "./zone";
import { makeZone, withSerial } from "./zone-build";

const zone = (...records: [owner: string, ttl: number, type: string, rdata: string][]): Zone =>
  makeZone(
    "example.com.",
    records.map(([owner, ttl, type, rdata]) => ({ owner, ttl, type, rdata })),
  );
const soa = (serial: number, refresh = 1): [string, number, string, string] => [
  "example.com.",
  60,
  "SOA",
  `ns1.example.com. h.example.com. ${serial} ${refresh} 2 3 4`,
];

describe("diffZones", () => {
  it("lists what was added, removed and changed in canonical order", () => {
    const before = zone(
      soa(1),
      ["a.example.com.", 60, "A", "192.0.2.1"],
      ["b.example.com.", 60, "A", "192.0.2.2"],
      ["c.example.com.", 60, "A", "192.0.2.3"],
    );
    const after = zone(
      soa(2),
      ["a.example.com.", 60, "A", "192.0.2.1"],
      ["a.example.com.", 60, "A", "192.0.2.9"],
      ["c.example.com.", 30, "A", "192.0.2.3"],
      ["a.a.example.com.", 60, "TXT", '"new"'],
    );
    const diff = diffZones(before, after);
    expect(diff.serial).toEqual({ before: 1, after: 2 });
    expect(diff.rrsets.map((entry) => [entry.owner, entry.type, recordDiff(entry)])).toEqual([
      ["a.example.com.", "A", { removed: [], added: ["192.0.2.9"], ttlChanged: false }],
      ["a.a.example.com.", "TXT", { removed: [], added: ['"new"'], ttlChanged: false }],
      ["b.example.com.", "A", { removed: ["192.0.2.2"], added: [], ttlChanged: false }],
      ["c.example.com.", "A", { removed: [], added: [], ttlChanged: true }],
    ]);
  });

  it("tells a new serial from a new SOA", () => {
    expect(diffZones(zone(soa(1)), zone(soa(2)))).toEqual({ rrsets: [], serial: { before: 1, after: 2 } });
    const changed = diffZones(zone(soa(1)), zone(soa(2, 9)));
    expect(changed.rrsets.map(({ type }) => type)).toEqual(["SOA"]);
    expect(changed.serial).toEqual({ before: 1, after: 2 });
    expect(diffZones(zone(soa(1)), zone(soa(1)))).toEqual({ rrsets: [], serial: null });
  });

  it("treats a missing zone as an empty one", () => {
    const some = zone(soa(1), ["a.example.com.", 60, "A", "192.0.2.1"]);
    expect(diffZones(null, some).rrsets.every(({ before, after }) => before === null && after !== null)).toBe(true);
    expect(diffZones(some, null).rrsets.every(({ before, after }) => before !== null && after === null)).toBe(true);
    expect(diffZones(null, some).rrsets).toHaveLength(2);
    expect(isEmptyDiff(diffZones(null, null))).toBe(true);
  });

  it("is empty between a zone and itself, and mirrored when turned round", () => {
    fc.assert(
      fc.property(anyZone(), anyZone(), (a, b) => {
        expect(diffZones(a, structuredClone(a))).toEqual({ rrsets: [], serial: null });
        const mirrored = diffZones(b, a).rrsets.map(({ before, after, ...rest }) => ({
          ...rest,
          before: after,
          after: before,
        }));
        expect(diffZones(a, b).rrsets).toEqual(mirrored);
      }),
    );
  });

  it("holds everything that differs: putting it in gives the other zone", () => {
    fc.assert(
      fc.property(soundZone(), soundZone(), (a, b) => {
        const rrsets = new Map(a.rrsets.map((rrset) => [`${rrset.owner} ${rrset.type}`, rrset]));
        for (const { owner, type, after } of diffZones(a, b).rrsets) {
          if (after) rrsets.set(`${owner} ${type}`, after);
          else rrsets.delete(`${owner} ${type}`);
        }
        const rebuilt = makeZone(
          a.apex,
          [...rrsets.values()].flatMap(({ rdatas, ...rest }) => rdatas.map((rdata) => ({ ...rest, rdata }))),
        );
        expect(withSerial(rebuilt, 1)).toEqual(withSerial(b, 1));
      }),
    );
  });
});
