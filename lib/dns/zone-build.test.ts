import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyZone, recordIn } from "./testing/arbitraries";
import { type BuildNote, compareRRsets, makeZone, soaOf, withSerial, type ZoneRecord, zoneRecords } from "./zone-build";

const record = (owner: string, type: string, rdata: string, ttl = 3600): ZoneRecord => ({ owner, ttl, type, rdata });
const soa = record("example.com.", "SOA", "ns1.example.com. h.example.com. 7 1 2 3 4", 60);

describe("makeZone", () => {
  it("groups, sorts and keeps each record once", () => {
    const zone = makeZone("example.com.", [
      record("b.example.com.", "A", "192.0.2.2"),
      record("a.b.example.com.", "A", "192.0.2.3"),
      record("example.com.", "NS", "ns2.example.com."),
      record("example.com.", "A", "192.0.2.1"),
      soa,
      record("example.com.", "NS", "ns1.example.com."),
      record("a.example.com.", "TXT", '"x"'),
      record("a.example.com.", "A", "192.0.2.1"),
      record("example.com.", "NS", "ns2.example.com."),
    ]);
    expect(zone.rrsets.map(({ owner, type, rdatas }) => `${owner} ${type} ${rdatas.length}`)).toEqual([
      "example.com. SOA 1",
      "example.com. A 1",
      "example.com. NS 2",
      "a.example.com. A 1",
      "a.example.com. TXT 1",
      "b.example.com. A 1",
      "a.b.example.com. A 1",
    ]);
  });

  it("takes the lowest TTL of an RRset and tells of it and of duplicates", () => {
    const notes: BuildNote[] = [];
    const records = [
      record("a.example.com.", "A", "192.0.2.1", 300),
      record("a.example.com.", "A", "192.0.2.2", 200),
      record("a.example.com.", "A", "192.0.2.2", 200),
    ];
    const zone = makeZone("example.com.", records, (note) => notes.push(note));
    expect(zone.rrsets).toEqual([{ owner: "a.example.com.", type: "A", ttl: 200, rdatas: ["192.0.2.1", "192.0.2.2"] }]);
    expect(notes).toEqual([
      { code: "rrset-ttl-differs", record: records[0], ttl: 200 },
      { code: "duplicate-record", record: records[2], ttl: 200 },
    ]);
  });

  it("does not depend on the order of the records", () => {
    fc.assert(
      fc.property(
        fc.array(recordIn("example.com."), { maxLength: 12 }),
        fc.infiniteStream(fc.nat()),
        (records, dice) => {
          const shuffled = records.map((each) => ({ each, at: dice.next().value })).sort((a, b) => a.at - b.at);
          const zone = makeZone("example.com.", records);
          expect(
            makeZone(
              "example.com.",
              shuffled.map(({ each }) => each),
            ),
          ).toEqual(zone);
          expect(makeZone("example.com.", zoneRecords(zone))).toEqual(zone);
        },
      ),
    );
  });

  it("keeps its RRsets in strict order", () => {
    fc.assert(
      fc.property(anyZone(), ({ apex, rrsets }) => {
        for (const [index, rrset] of rrsets.slice(1).entries()) {
          const before = rrsets[index];
          expect(before && compareRRsets(apex, before, rrset)).toBeLessThan(0);
        }
      }),
    );
  });
});

describe("soaOf and withSerial", () => {
  const zone = makeZone("example.com.", [soa, record("example.com.", "NS", "ns1.example.com.")]);

  it("reads every field", () => {
    expect(soaOf(zone)).toEqual({
      mname: "ns1.example.com.",
      rname: "h.example.com.",
      serial: 7,
      refresh: 1,
      retry: 2,
      expire: 3,
      minimum: 4,
      ttl: 60,
    });
  });

  it("changes the serial and nothing else", () => {
    const moved = withSerial(zone, 4_294_967_295);
    expect(soaOf(moved)).toEqual({ ...soaOf(zone), serial: 4_294_967_295 });
    expect(moved.rrsets.slice(1)).toEqual(zone.rrsets.slice(1));
    expect(soaOf(zone).serial).toBe(7);
  });

  it("say when there is no SOA", () => {
    expect(() => soaOf(makeZone("example.com.", []))).toThrow(/no SOA/);
    expect(() => withSerial(makeZone("example.com.", []), 1)).toThrow(/no SOA/);
  });
});
