import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { diffZones, isEmptyDiff } from "./diff";
import { digestCanonicalText, digestZone } from "./digest";
import { anyZone, soundZone } from "./testing/arbitraries";
import { makeZone, withSerial } from "./zone-build";
import { formatZone } from "./zone-file";

describe("digestZone", () => {
  it("is this value: servers of different versions must agree on it", () => {
    const zone = makeZone("example.com.", [
      {
        owner: "example.com.",
        ttl: 3600,
        type: "SOA",
        rdata: "ns1.example.com. h.example.com. 2030010100 3600 600 86400 300",
      },
      { owner: "example.com.", ttl: 3600, type: "NS", rdata: "ns1.example.com." },
    ]);
    expect(digestZone(zone)).toBe("a91a522ee6ff40a43784df63af354df01fb5627d0690e051efb9fa38093d6624");
  });

  it("leaves the serial out and nothing else", () => {
    fc.assert(
      fc.property(soundZone(), soundZone(), fc.integer({ min: 0, max: 4_294_967_295 }), (zone, other, serial) => {
        expect(digestZone(withSerial(zone, serial))).toBe(digestZone(zone));
        expect(digestZone(zone) === digestZone(other)).toBe(isEmptyDiff(diffZones(zone, other)));
      }),
    );
  });

  it("is the same from text as from the zone, with and without a SOA", () => {
    fc.assert(
      fc.property(
        fc.oneof(anyZone(), soundZone()),
        (zone) => digestCanonicalText(formatZone(zone)) === digestZone(zone),
      ),
    );
  });

  it("sees a TTL", () => {
    const zone = (ttl: number) =>
      makeZone("example.com.", [{ owner: "example.com.", ttl, type: "A", rdata: "192.0.2.1" }]);
    expect(digestZone(zone(1))).not.toBe(digestZone(zone(2)));
  });

  it("takes any text", () => {
    for (const text of ["", "SOA", "a b c SOA d e f", "example.com. 1 IN SOA a. b. 5"])
      expect(digestCanonicalText(text)).toMatch(/^[0-9a-f]{64}$/);
  });
});
