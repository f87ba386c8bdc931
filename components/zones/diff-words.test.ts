import { describe, expect, it } from "vitest";
import { diffZones } from "@/lib/dns/diff";
import { makeZone, type ZoneRecord } from "@/lib/dns/zone-build";
import { diffSentence, rrsetWords } from "./diff-words";

const APEX = "example.com.";
const soa = (serial: number) => ({
  owner: APEX,
  type: "SOA",
  ttl: 60,
  rdata: `ns1.example.net. h.example.net. ${serial} 1 1 1 1`,
});
const a = (label: string, last: number, ttl = 60) => ({
  owner: `${label}.${APEX}`,
  type: "A",
  ttl,
  rdata: `192.0.2.${last}`,
});
const diff = (before: ZoneRecord[], after: ZoneRecord[], serial = 1) =>
  diffZones(makeZone(APEX, [soa(1), ...before]), makeZone(APEX, [soa(serial), ...after]));

describe("diffSentence", () => {
  it.each([
    [diff([], []), "Nothing differs."],
    [diff([], [], 2), "Only the serial differs."],
    [diff([], [a("www", 1)]), "1 record added."],
    [diff([a("www", 1)], [a("www", 2)]), "1 record changed."],
    [diff([a("www", 1), a("x", 1)], [a("www", 2), a("y", 1), a("y", 2)]), "2 records added, 1 changed, 1 removed."],
    [diff([a("www", 1)], [a("www", 1, 30)]), "A new TTL for one name and type."],
    [diff([a("www", 1)], [a("www", 1, 30), a("x", 1)]), "1 record added, a new TTL for one name and type."],
  ])("%#: says it", (given, expected) => {
    expect(diffSentence(given)).toBe(expected);
  });
});

describe("rrsetWords", () => {
  it.each([
    [diff([], [a("www", 1)]), "added"],
    [diff([a("www", 1)], []), "removed"],
    [diff([a("www", 1)], [a("www", 2)]), "changed"],
    [diff([a("www", 1)], [a("www", 2, 30)]), "TTL 60 → 30"],
  ])("%#: says it", (given, expected) => {
    const [rrset] = given.rrsets;
    expect(rrset && rrsetWords(rrset)).toBe(expected);
  });
});
