import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyChanges, changesOf, type ZoneChange } from "./changes";
import { diffZones, isEmptyDiff } from "./diff";
import { anyZone, soundZone } from "./testing/arbitraries";
import type { Zone } from "./zone";
import { makeZone, soaOf } from "./zone-build";

const a = (ttl: number, ...addresses: string[]): Zone =>
  makeZone(
    "example.com.",
    addresses.map((rdata) => ({ owner: "a.example.com.", ttl, type: "A", rdata })),
  );
const add = (rdata: string, ttl = 60): ZoneChange => ({ kind: "add", owner: "a.example.com.", type: "A", ttl, rdata });
const remove = (rdata: string, ttl = 60): ZoneChange => ({
  kind: "remove",
  owner: "a.example.com.",
  type: "A",
  ttl,
  rdata,
  before: { ttl, rdata },
});
const replace = (from: string, to: string, ttl = 60, seenTtl = 60): ZoneChange => ({
  kind: "replace",
  owner: "a.example.com.",
  type: "A",
  ttl,
  rdata: to,
  before: { ttl: seenTtl, rdata: from },
});

describe("applyChanges", () => {
  it.each<[string, Zone, ZoneChange[], Zone]>([
    ["adds to nothing", a(60), [add("192.0.2.1")], a(60, "192.0.2.1")],
    ["adds to others", a(60, "192.0.2.2"), [add("192.0.2.1")], a(60, "192.0.2.1", "192.0.2.2")],
    ["an addition sets the TTL of all", a(60, "192.0.2.2"), [add("192.0.2.1", 5)], a(5, "192.0.2.1", "192.0.2.2")],
    ["an addition that was made already is done", a(60, "192.0.2.1"), [add("192.0.2.1")], a(60, "192.0.2.1")],
    ["removes", a(60, "192.0.2.1", "192.0.2.2"), [remove("192.0.2.1")], a(60, "192.0.2.2")],
    ["removes the last", a(60, "192.0.2.1"), [remove("192.0.2.1")], a(60)],
    ["replaces", a(60, "192.0.2.1", "192.0.2.2"), [replace("192.0.2.1", "192.0.2.3")], a(60, "192.0.2.2", "192.0.2.3")],
    [
      "a replacement that was made already is done",
      a(60, "192.0.2.3"),
      [replace("192.0.2.1", "192.0.2.3")],
      a(60, "192.0.2.3"),
    ],
    [
      "replaces by what is there beside it",
      a(60, "192.0.2.1", "192.0.2.3"),
      [replace("192.0.2.1", "192.0.2.3")],
      a(60, "192.0.2.3"),
    ],
    [
      "changes a TTL",
      a(60, "192.0.2.1", "192.0.2.2"),
      [replace("192.0.2.1", "192.0.2.1", 5)],
      a(5, "192.0.2.1", "192.0.2.2"),
    ],
    [
      "keeps a TTL that somebody else changed",
      a(30, "192.0.2.1"),
      [replace("192.0.2.1", "192.0.2.2", 60, 60)],
      a(30, "192.0.2.2"),
    ],
    [
      "takes a TTL that both changed alike",
      a(5, "192.0.2.1"),
      [replace("192.0.2.1", "192.0.2.1", 5, 60)],
      a(5, "192.0.2.1"),
    ],
    [
      "applies in the order given",
      a(60, "192.0.2.1"),
      [replace("192.0.2.1", "192.0.2.2"), replace("192.0.2.2", "192.0.2.3"), add("192.0.2.4")],
      a(60, "192.0.2.3", "192.0.2.4"),
    ],
    ["nothing", a(60, "192.0.2.1"), [], a(60, "192.0.2.1")],
  ])("%s", (_, zone, changes, expected) => {
    expect(applyChanges(zone, changes)).toEqual({ zone: expected, conflicts: [] });
  });

  it.each<[string, Zone, ZoneChange, string]>([
    ["removing what is gone", a(60), remove("192.0.2.1"), "record-gone"],
    ["removing what was changed", a(60, "192.0.2.9"), remove("192.0.2.1"), "record-gone"],
    ["replacing what is gone", a(60, "192.0.2.9"), replace("192.0.2.1", "192.0.2.2"), "record-gone"],
    [
      "changing a TTL that somebody else changed to another",
      a(30, "192.0.2.1"),
      replace("192.0.2.1", "192.0.2.1", 5, 60),
      "ttl-changed",
    ],
  ])("%s is a conflict and changes nothing", (_, zone, change, reason) => {
    const current = zone.rrsets[0] ?? null;
    expect(applyChanges(zone, [change])).toEqual({ zone, conflicts: [{ change, reason, current }] });
  });

  it("applies what it can beside a conflict", () => {
    const { zone, conflicts } = applyChanges(a(60, "192.0.2.1"), [remove("192.0.2.9"), add("192.0.2.2")]);
    expect(zone).toEqual(a(60, "192.0.2.1", "192.0.2.2"));
    expect(conflicts).toEqual([
      { change: remove("192.0.2.9"), reason: "record-gone", current: a(60, "192.0.2.1").rrsets[0] },
    ]);
  });

  describe("of a SOA", () => {
    const soa = (serial: number, refresh: number) => `ns1.example.com. h.example.com. ${serial} ${refresh} 2 3 4`;
    const zone = (serial: number, refresh: number) =>
      makeZone("example.com.", [{ owner: "example.com.", ttl: 60, type: "SOA", rdata: soa(serial, refresh) }]);
    const edit = (before: string, after: string): ZoneChange => ({
      kind: "replace",
      owner: "example.com.",
      type: "SOA",
      ttl: 60,
      rdata: after,
      before: { ttl: 60, rdata: before },
    });

    it("keeps the newest serial", () => {
      expect(applyChanges(zone(9, 1), [edit(soa(5, 1), soa(5, 7))])).toEqual({ zone: zone(9, 7), conflicts: [] });
    });

    it("takes a serial that the edit is about", () => {
      expect(applyChanges(zone(9, 1), [edit(soa(5, 1), soa(50, 1))]).zone).toEqual(zone(50, 1));
    });

    it("conflicts when its timers were changed", () => {
      expect(applyChanges(zone(9, 3), [edit(soa(5, 1), soa(5, 7))]).conflicts).toHaveLength(1);
    });
  });

  it("brings any zone to any other by the edits of their difference", () => {
    fc.assert(
      fc.property(fc.oneof(anyZone(), soundZone()), fc.oneof(anyZone(), soundZone()), (before, after) => {
        const { zone, conflicts } = applyChanges(before, changesOf(diffZones(before, after)));
        expect(conflicts).toEqual([]);
        expect(isEmptyDiff(diffZones(zone, after))).toBe(true);
      }),
    );
  });

  it("applied a second time, additions and replacements change nothing", () => {
    fc.assert(
      fc.property(soundZone(), soundZone(), (before, after) => {
        const changes = changesOf(diffZones(before, after)).filter(({ kind }) => kind !== "remove");
        const once = applyChanges(before, changes);
        const twice = applyChanges(once.zone, changes);
        expect(twice).toEqual({ zone: once.zone, conflicts: [] });
      }),
    );
  });

  it("loses neither of two edits of different records, in either order", () => {
    fc.assert(
      fc.property(soundZone(), anyZone("example.com."), anyZone("example.com."), (base, one, two) => {
        const additions = (zone: Zone): ZoneChange[] =>
          zone.rrsets.flatMap(({ owner, type, rdatas }) =>
            type === "SOA" ? [] : rdatas.map((rdata): ZoneChange => ({ kind: "add", owner, type, ttl: 60, rdata })),
          );
        const [first, second] = [additions(one), additions(two)];
        const here = applyChanges(applyChanges(base, first).zone, second).zone;
        const there = applyChanges(applyChanges(base, second).zone, first).zone;
        expect(here).toEqual(there);
        expect(soaOf(here)).toEqual(soaOf(base));
        for (const { owner, type, rdata } of [...first, ...second]) {
          expect(here.rrsets.find((rrset) => rrset.owner === owner && rrset.type === type)?.rdatas).toContain(rdata);
        }
      }),
    );
  });
});
