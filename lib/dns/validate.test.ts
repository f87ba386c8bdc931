import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyZone, soundZone } from "./testing/arbitraries";
import { cpuTime } from "./testing/cpu-time";
import { validateZone } from "./validate";
import { makeZone } from "./zone-build";
import { parseZoneFile } from "./zone-file";

const HEAD = "$TTL 60\n@ SOA ns1.example.net. h.example.com. 1 2 3 4 5\n@ NS ns1.example.net.\n";

/** Problems of a zone file, its first record on line 4, as `severity code@line`. */
function check(text: string, head = HEAD): string[] {
  const { zone, problems, lines } = parseZoneFile(head + text, { origin: "example.com." });
  const all = zone ? [...problems, ...validateZone(zone, lines)] : problems;
  return all.map(({ severity, code, line }) => `${severity} ${code}@${line}`);
}

describe("validateZone", () => {
  it.each([
    ["a sound zone", "a A 192.0.2.1\n@ MX 10 a\nsub NS ns.sub\nns.sub A 192.0.2.1\nsub DS 1 8 9 ab\nw CNAME a", []],
    ["CNAME beside other data", "a CNAME b.example.net.\na TXT x", ["error cname-and-other-data@4"]],
    ["CNAME at the apex", "@ CNAME b.example.net.", ["error cname-and-other-data@4"]],
    ["several CNAMEs", "a CNAME b.example.net.\na CNAME c.example.net.", ["error cname-multiple@5"]],
    ["several DNAMEs", "a DNAME b.example.net.\na DNAME c.example.net.", ["error dname-multiple@5"]],
    ["DNAME and CNAME", "a DNAME b.example.net.\na CNAME c.example.net.", ["error cname-and-other-data@5"]],
    ["DNAME and NS", "a DNAME b.example.net.\na NS c.example.net.", ["error dname-and-ns@4"]],
    ["records below a DNAME", "a DNAME b.example.net.\nx.y.a A 192.0.2.1", ["error below-dname@5"]],
    ["records below a DNAME at the apex", "@ DNAME b.example.net.\na A 192.0.2.1", ["error below-dname@5"]],
    ["another name that ends like the DNAME's owner", "a DNAME b.example.net.\nba A 192.0.2.1", []],
    ["out of the zone", "a.example.org. A 192.0.2.1", ["error out-of-zone@4"]],
    ["the parent", "com. TXT x", ["error out-of-zone@4"]],
    ["a second SOA elsewhere", "a SOA ns1.example.net. h 1 2 3 4 5", ["error soa-misplaced@4"]],
    ["a DS at the apex", "@ DS 1 8 9 ab", ["error ds-at-apex@4"]],
    ["a delegated wildcard", "*.a NS ns1.example.net.", ["error ns-wildcard@4"]],
    ["a DS without delegation", "a DS 1 8 9 ab", ["warning ds-without-ns@4"]],
    ["data below a delegation", "a NS ns1.example.net.\nx.a TXT x\ny.a A 192.0.2.1", ["warning below-delegation@5"]],
    ["data at a delegation", "a NS ns1.example.net.\na TXT x", ["warning at-delegation@5"]],
    ["missing glue", "a NS ns.a", ["warning glue-missing@4"]],
    ["missing address of an own nameserver", "@ NS ns2", ["warning glue-missing@4"]],
    ["a nameserver in another delegation", "a NS ns.b\nb NS ns1.example.net.", []],
    ["glue by a wildcard", "@ NS ns2.any\n*.any A 192.0.2.1", []],
    ["NS to an alias", "a NS n\nn CNAME x.example.net.", ["warning target-is-alias@4"]],
    ["MX to an alias", "@ MX 1 n\nn CNAME x.example.net.", ["warning target-is-alias@4"]],
    ["MX to nothing", "@ MX 1 n", ["warning target-without-address@4"]],
    ["SRV to nothing", "_a._b SRV 1 1 1 n", ["warning target-without-address@4"]],
    ["null MX and SRV", "@ MX 0 .\n_a._b SRV 0 0 0 .", []],
    ["MX to an address", "@ MX 1 192.0.2.1", ["warning target-is-address@4"]],
    ["a forgotten final dot in a target", "@ MX 1 mail.example.com", ["warning final-dot@4"]],
    ["a forgotten final dot in an owner", "a.example.com A 192.0.2.1", ["warning final-dot@4"]],
    ["duplicate records", "a A 192.0.2.1\na A 192.0.2.1", ["warning duplicate-record@5"]],
    ["different TTLs", "a 9 A 192.0.2.1\na 5 A 192.0.2.2", ["warning rrset-ttl-differs@4"]],
  ])("%s", (_, text, expected) => {
    expect(check(text)).toEqual(expected);
  });

  it.each([
    ["no SOA", "@ 60 NS ns1.example.net.\n", ["error soa-missing@1"]],
    ["two SOAs", `${HEAD}@ SOA ns2.example.net. h 1 2 3 4 5\n`, ["error soa-multiple@4"]],
    ["no NS", "@ 60 SOA ns1.example.net. h 1 2 3 4 5\n", ["error ns-missing@1"]],
    [
      "the SOA of another zone",
      "$ORIGIN example.net.\n@ 60 SOA a h 1 2 3 4 5\n@ NS ns1\n",
      ["error soa-missing@undefined", "error ns-missing@undefined", "error out-of-zone@3"],
    ],
    [
      "an e-mail address in the SOA",
      "@ 60 SOA ns1.example.net. h@example.com. 1 2 3 4 5\n@ NS ns1.example.net.\n",
      ["warning soa-mailbox@1"],
    ],
  ])("%s", (_, text, expected) => {
    expect(check("", text)).toEqual(expected);
  });

  it("checks zones that came from no file", () => {
    const soa = { owner: "example.com.", ttl: 60, type: "SOA", rdata: "a. b. 1 2 3 4 5" };
    const ns = { owner: "example.com.", ttl: 60, type: "NS", rdata: "ns1.example.net." };
    const label = "a".repeat(63);
    const zone = makeZone("example.com.", [
      soa,
      ns,
      { owner: "x.example.com.", ttl: 2_147_483_648, type: "A", rdata: "192.0.2.1" },
      { owner: `${`${label}.`.repeat(4)}example.com.`, ttl: 1, type: "A", rdata: "192.0.2.1" },
    ]);
    expect(
      validateZone(zone)
        .map(({ code }) => code)
        .sort(),
    ).toEqual(["name-length", "ttl-range"]);
    expect(validateZone(makeZone("example.com.", [])).map(({ code }) => code)).toEqual(["soa-missing", "ns-missing"]);
  });

  it("works at the root and in reverse zones", () => {
    const root = makeZone(".", [
      { owner: ".", ttl: 60, type: "SOA", rdata: "a. b. 1 2 3 4 5" },
      { owner: ".", ttl: 60, type: "NS", rdata: "a.example." },
      { owner: "example.", ttl: 60, type: "NS", rdata: "a.example." },
      { owner: "a.example.", ttl: 60, type: "A", rdata: "192.0.2.1" },
    ]);
    expect(validateZone(root)).toEqual([]);
  });

  it("stops at a hundred problems", () => {
    const lines = Array.from({ length: 500 }, (_, index) => `a${index} MX 1 b${index}`);
    expect(check(lines.join("\n"))).toHaveLength(100);
  });

  it("finds no error in sound zones, and says what to do about every problem of any zone", () => {
    fc.assert(
      fc.property(soundZone(), anyZone(), (sound, any) => {
        expect(validateZone(sound).filter(({ severity }) => severity === "error")).toEqual([]);
        for (const { message } of validateZone(any)) expect(message).toMatch(/[.?]$/);
      }),
    );
  });

  it("takes linear time for a zone made to be slow", () => {
    const records = [
      { owner: "example.com.", ttl: 60, type: "SOA", rdata: "a. b. 1 2 3 4 5" },
      { owner: "example.com.", ttl: 60, type: "NS", rdata: "ns1.example.net." },
      ...Array.from({ length: 20_000 }, (_, index) => ({
        owner: "x.example.com.",
        ttl: 1,
        type: `TYPE${index + 1_000}`,
        rdata: "\\# 0",
      })),
      ...Array.from({ length: 20_000 }, (_, index) => ({
        owner: `${index}.example.com.`,
        ttl: 1,
        type: "NS",
        rdata: "x.example.com.",
      })),
    ];
    const { ms, result } = cpuTime(() => validateZone(makeZone("example.com.", records)));
    expect(result).toHaveLength(100);
    expect(ms).toBeLessThan(5_000);
  });
});
