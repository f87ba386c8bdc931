import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hexOf } from "./rdata/encodings";
import { rdataToWire } from "./rdata/registry";
import { KNOWN_TYPES, soundZone } from "./testing/arbitraries";
import { corpus } from "./testing/corpus";
import { ForeignReaders } from "./testing/foreign-readers";
import type { Zone } from "./zone";
import { makeZone, type ZoneRecord, zoneRecords } from "./zone-build";
import { formatZone, formatZoneFile, parseZoneFile } from "./zone-file";

const APEX = "example.com.";

/**
 * ldns 1.8.3 reads service parameters only in part and writes their values, and quotes, `$` and `@` in names, without escapes: service bindings go
 * through it in RFC 3597 form, records with such names not at all.
 */
const LDNS_GENERIC = ["SVCB", "HTTPS"];
const TEXT_TYPES = new Set(["TXT", "SPF", "CAA", "URI", "HINFO", ...LDNS_GENERIC]);
const ldnsTakes = ({ owner, type, rdata }: ZoneRecord): boolean =>
  !owner.includes("\\") && (TEXT_TYPES.has(type) || type.startsWith("TYPE") || !rdata.includes("\\"));

/** Knot 3.2 writes parentheses in service parameters without a backslash, so that nothing could read them again. It reads them well. */
const knotWrites = ({ type, rdata }: ZoneRecord): boolean => !(LDNS_GENERIC.includes(type) && rdata.includes("\\"));

/** Knot signs no records with a TTL beyond the lifetime of signatures. */
const WEEK = 604_800;

function only(zone: Zone, keep: (record: ZoneRecord) => boolean): Zone {
  return makeZone(zone.apex, [...zoneRecords(zone)].filter(keep));
}

function shortTtls(zone: Zone): Zone {
  return { ...zone, rrsets: zone.rrsets.map((rrset) => ({ ...rrset, ttl: Math.min(rrset.ttl, WEEK) })) };
}

function withGeneric(zone: Zone, types: readonly string[]): string {
  const lines = Array.from(zoneRecords(zone), ({ owner, ttl, type, rdata }) => {
    if (!types.includes(type)) return `${owner} ${ttl} IN ${type} ${rdata}`;
    const wire = rdataToWire(type, rdata);
    return `${owner} ${ttl} IN ${type} \\# ${wire.length} ${hexOf(wire)}`;
  });
  return `${lines.join("\n")}\n`;
}

/** Our reading as canonical text; the problems when there are errors. */
function ours(text: string): string {
  const { zone, problems } = parseZoneFile(text, { origin: APEX });
  return zone ? formatZone(zone) : JSON.stringify(problems);
}

let readers: ForeignReaders;
beforeAll(async () => {
  readers = await ForeignReaders.open();
});
afterAll(() => readers.close());

describe("zones written by us", () => {
  const zones = fc.sample(soundZone(APEX, 60), { numRuns: 60, seed: 20_300_101 });

  it("are read by BIND as the same zones, and what BIND writes by us", async () => {
    for (const zone of zones) {
      const text = formatZone(zone);
      expect(ours(await readers.bind(text, "full"))).toBe(text);
      expect(ours(await readers.bind(formatZoneFile(zone), "relative"))).toBe(text);
      // Everything in RFC 3597 form: our wire data read by BIND's own decoders.
      expect(ours(await readers.bind(withGeneric(zone, KNOWN_TYPES), "full"))).toBe(text);
    }
  });

  it("are read by Knot as the same zones, and what Knot writes by us", async () => {
    for (const zone of zones) {
      await readers.knotCheck(formatZone(zone));
      const comparable = shortTtls(only(zone, knotWrites));
      expect(ours(await readers.knot(formatZone(comparable)))).toBe(formatZone(comparable));
      await readers.knotCheck(formatZoneFile(zone));
    }
  });

  it("are read by ldns as the same zones, and what ldns writes by us", async () => {
    for (const zone of zones) {
      const comparable = only(zone, ldnsTakes);
      const written = await readers.ldns(withGeneric(comparable, LDNS_GENERIC), LDNS_GENERIC);
      expect(ours(written)).toBe(formatZone(comparable));
    }
  });
});

describe("the corpus", () => {
  for (const { name, text, except = {} } of corpus) {
    it(`${name}: everybody reads the same`, async () => {
      const canonical = ours(text);
      expect(canonical).toMatch(/^example\.com\. \d+ IN SOA /);
      if (!except.bind) {
        expect(ours(await readers.bind(text, "full"))).toBe(canonical);
        expect(ours(await readers.bind(canonical, "relative"))).toBe(canonical);
      }
      if (!except.knot) {
        await readers.knotCheck(text);
        expect(ours(await readers.knot(text))).toBe(canonical);
      }
      if (!except.ldns) expect(ours(await readers.ldns(text, []))).toBe(canonical);
    });
  }
});
