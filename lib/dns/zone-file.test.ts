import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DnsSyntaxError } from "./errors";
import { anyZone, soundZone } from "./testing/arbitraries";
import { corpus } from "./testing/corpus";
import { cpuTime } from "./testing/cpu-time";
import { makeZone } from "./zone-build";
import { formatZone, formatZoneFile, type ParseOptions, parseCanonicalZone, parseZoneFile } from "./zone-file";

const APEX = "example.com.";
const parse = (text: string, options: Partial<ParseOptions> = {}) => parseZoneFile(text, { origin: APEX, ...options });
/** Problems as `code@line`. */
const problems = (text: string, options: Partial<ParseOptions> = {}) =>
  parse(text, options).problems.map(({ code, line }) => `${code}@${line}`);
const records = (text: string, options: Partial<ParseOptions> = {}) => {
  const { zone } = parse(text, options);
  return zone ? formatZone(zone).trimEnd().split("\n") : null;
};

describe("formatZone, formatZoneFile and the two readers", () => {
  it("lead to the same zone", () => {
    fc.assert(
      fc.property(fc.oneof(anyZone(), soundZone()), (zone) => {
        const text = formatZone(zone);
        expect(parseCanonicalZone(text, APEX)).toEqual(zone);
        if (zone.rrsets.length === 0) return;
        expect(parse(text)).toMatchObject({ zone, problems: [] });
        expect(parse(formatZoneFile(zone))).toMatchObject({ zone, problems: [] });
        expect(parse(`\ufeff${formatZoneFile(zone).replaceAll("\n", "\r\n")}`)).toMatchObject({ zone, problems: [] });
      }),
      { numRuns: 300 },
    );
  });

  it("work for the root zone", () => {
    const zone = makeZone(".", [
      { owner: ".", ttl: 60, type: "SOA", rdata: "a. b. 1 2 3 4 5" },
      { owner: "com.", ttl: 60, type: "NS", rdata: "a.example." },
    ]);
    expect(parseZoneFile(formatZoneFile(zone), { origin: "." }).zone).toEqual(zone);
    expect(parseCanonicalZone(formatZone(zone), ".")).toEqual(zone);
  });

  it("formatZoneFile is for people", () => {
    const text = formatZoneFile(
      makeZone(APEX, [
        { owner: APEX, ttl: 3600, type: "SOA", rdata: "ns1.example.com. h.example.com. 2030010100 3600 600 86400 300" },
        { owner: APEX, ttl: 3600, type: "NS", rdata: "ns1.example.net." },
        { owner: APEX, ttl: 3600, type: "NS", rdata: "ns2.example.net." },
        { owner: "www.example.com.", ttl: 60, type: "A", rdata: "192.0.2.1" },
      ]),
    );
    expect(text).toBe(`$ORIGIN example.com.
$TTL 3600
@          IN SOA   ns1.example.com. h.example.com. (
    2030010100 ; serial
    3600       ; refresh
    600        ; retry
    86400      ; expire
    300        ; negative caching TTL
    )
           IN NS    ns1.example.net.
           IN NS    ns2.example.net.
www 60     IN A     192.0.2.1
`);
  });
});

describe("parseCanonicalZone", () => {
  const soa = "example.com. 60 IN SOA a. b. 1 2 3 4 5\n";

  it("reads an empty zone", () => {
    expect(parseCanonicalZone("", APEX)).toEqual({ apex: APEX, rrsets: [] });
  });

  it.each([
    ["no line end", soa.trimEnd()],
    ["an empty line", `${soa}\n`],
    ["two spaces", "example.com.  60 IN A 192.0.2.1\n"],
    ["no rdata", "example.com. 60 IN A\n"],
    ["empty rdata", "example.com. 60 IN A \n"],
    ["no class", "example.com. 60 A 192.0.2.1\n"],
    ["another class", "example.com. 60 CH A 192.0.2.1\n"],
    ["a TTL that is none", "example.com. 1h IN A 192.0.2.1\n"],
    ["a TTL with a zero in front", "example.com. 060 IN A 192.0.2.1\n"],
    ["a relative owner", "www 60 IN A 192.0.2.1\n"],
    ["a type in lower case", "example.com. 60 IN a 192.0.2.1\n"],
    ["a tab", "example.com.\t60 IN A 192.0.2.1\n"],
    ["CRLF", soa.replace("\n", "\r\n")],
    ["UTF-8", 'example.com. 60 IN TXT "ü"\n'],
    ["a comment", `; hello\n${soa}`],
    ["a directive", `$TTL 60\n${soa}`],
    ["records out of order", `b.example.com. 60 IN A 192.0.2.1\na.example.com. 60 IN A 192.0.2.1\n`],
    ["data out of order", `a.example.com. 60 IN A 192.0.2.2\na.example.com. 60 IN A 192.0.2.1\n`],
    ["a record twice", `a.example.com. 60 IN A 192.0.2.1\na.example.com. 60 IN A 192.0.2.1\n`],
    ["two TTLs in an RRset", `a.example.com. 60 IN A 192.0.2.1\na.example.com. 61 IN A 192.0.2.2\n`],
    ["the SOA behind others", `example.com. 60 IN A 192.0.2.1\n${soa}`],
    ["half of the text", soa.slice(0, 20)],
  ])("refuses %s", (_, text) => {
    expect(() => parseCanonicalZone(text, APEX)).toThrow(DnsSyntaxError);
  });

  it("takes nothing that formatZone would not write", () => {
    const mutation = fc.record({
      at: fc.nat(),
      insert: fc.constantFrom("", " ", "\n", "IN ", ".", "0", "a. 1 IN A x\n"),
      remove: fc.integer({ min: 0, max: 3 }),
    });
    fc.assert(
      fc.property(soundZone(APEX, 8), mutation, (zone, { at, insert, remove }) => {
        const text = formatZone(zone);
        const cut = at % text.length;
        const damaged = text.slice(0, cut) + insert + text.slice(cut + remove);
        let read: string;
        try {
          read = formatZone(parseCanonicalZone(damaged, APEX));
        } catch (error) {
          expect(error).toBeInstanceOf(DnsSyntaxError);
          return;
        }
        expect(read).toBe(damaged);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("parseZoneFile", () => {
  it.each(corpus.map(({ name, text }) => [name, text]))("reads the corpus without a problem: %s", (_, text) => {
    const { zone, problems: found } = parse(text);
    expect(found).toEqual([]);
    expect(zone && parse(formatZone(zone)).zone).toEqual(zone);
  });

  it("reads the TTL rules one by one", () => {
    const soa = "@ SOA a. b. 1 2 3 4 77\n";
    const ttls = (text: string, options: Partial<ParseOptions> = {}) =>
      records(text, options)?.map((line) => Number(line.split(" ")[1]));
    expect(ttls(`$TTL 5\n${soa}a A 192.0.2.1\n`)).toEqual([5, 5]);
    expect(ttls(`${soa}a A 192.0.2.1\n`)).toEqual([77, 77]);
    expect(ttls(`@ 9 SOA a. b. 1 2 3 4 77\na A 192.0.2.1\n`)).toEqual([9, 9]);
    expect(ttls("a A 192.0.2.1\nb 7 A 192.0.2.1\nc A 192.0.2.1\n", { defaultTtl: 3 })).toEqual([3, 7, 7]);
    expect(problems("a A 192.0.2.1\n")).toEqual(["ttl-missing@1"]);
  });

  it("takes the first line's stamp", () => {
    const stamp = "; cPanel first:11 (update_time):1700000000 hostname:ns1.example.com latest:110";
    expect(parse(`${stamp}\n$TTL 1\na A 192.0.2.1\n`).stamp).toEqual({
      updatedAt: 1_700_000_000_000,
      hostname: "ns1.example.com",
    });
    expect(parse("$TTL 1\na A 192.0.2.1\n").stamp).toBeNull();
  });

  it("leaves out what the nameserver makes when it signs, with one warning", () => {
    const text =
      "$TTL 1\na A 192.0.2.1\na RRSIG A 13 2 3600 20300101000000 20290101000000 1 example.com. abcd\na TYPE47 \\# 1 00\n@ DNSKEY 257 3 13 abcd\n";
    expect(problems(text)).toEqual(["dnssec-left-out@3"]);
    expect(records(text)).toEqual(["a.example.com. 1 IN A 192.0.2.1"]);
  });

  it.each([
    ["$INCLUDE", "$INCLUDE /etc/passwd\n", ["directive@1"]],
    ["an unknown directive", "$FOO x\n", ["directive@1"]],
    ["$TTL without a value", "$TTL\n", ["directive@1"]],
    ["$TTL with two values", "$TTL 1 2\n", ["directive@1"]],
    ["$TTL out of range", "$TTL 2147483648\n", ["ttl-range@1"]],
    ["a bad $ORIGIN", "$ORIGIN a..b\n", ["name-empty@1"]],
    ["class CH", "a 1 CH A 192.0.2.1\n", ["class@1"]],
    ["class by number", "a 1 CLASS3 A 192.0.2.1\n", ["class@1"]],
    ["two TTLs", "a 1 2 A 192.0.2.1\n", ["ttl-syntax@1"]],
    ["two classes", "a 1 IN IN A 192.0.2.1\n", ["type-unknown@1"]],
    ["no type", "a 1 IN\n", ["rdata-fields@1"]],
    ["only an owner", "a\n", ["rdata-fields@1"]],
    ["an unknown type", "a 1 NOSUCH x\n", ["type-unknown@1"]],
    [
      "a query type",
      "a 1 ANY x\na 1 AXFR x\na 1 TYPE41 \\# 0\n",
      ["type-unknown@1", "type-unknown@2", "type-unknown@3"],
    ],
    ["a type without a form", "a 1 OPENPGPKEY abcd\n", ["rdata-fields@1"]],
    ["TTL out of range", "a 2147483648 A 192.0.2.1\n", ["ttl-range@1"]],
    ["a negative TTL", "a -1 A 192.0.2.1\n", ["type-unknown@1"]],
    ["no owner yet", " 1 A 192.0.2.1\n", ["owner-missing@1"]],
    ["an owner in quotes", '"a" 1 A 192.0.2.1\n', ["text-quotes@1"]],
    ["bad rdata on several lines", "$TTL 1\na A 1\nb A 192.0.2.1\nc MX mail\n", ["address-syntax@2", "rdata-fields@4"]],
    [
      "the line where an entry starts",
      "$TTL 1\na MX ( 10\n mail\n more )\nb A 1\n",
      ["rdata-fields@2", "address-syntax@5"],
    ],
    ["an open parenthesis", "$TTL 1\na MX ( 10 mail\nb A 1\n", ["parentheses@2"]],
    ["nothing", "", ["no-records@1"]],
    ["only comments", "; nothing\n$TTL 1\n", ["no-records@1"]],
    ["NUL", "$TTL 1\na TXT \0\n", ["not-text@2"]],
    ["UTF-16", "$\0T\0T\0L\0", ["not-text@1"]],
    ["what was not UTF-8", "$TTL 1\n\na TXT \ufffd\n", ["not-utf8@3"]],
    ["a control character", "$TTL 1\na TXT \u0007\nb A 192.0.2.1\n", ["text-control@2"]],
    ["$GENERATE without data", "$GENERATE 1-2 a$\n", ["rdata-fields@1"]],
    ["$GENERATE with a bad range", "$GENERATE 2-1 a$ 1 A 192.0.2.$\n", ["generate-syntax@1"]],
    ["$GENERATE with bad results", "$GENERATE 255-256 a$ 1 A 192.0.2.$\n", ["address-syntax@1"]],
    ["too much $GENERATE", "$GENERATE 0-2147483647 a$ 1 A 192.0.2.1\n", ["too-many-generated@1"]],
    ["HTML", "<html><body>404</body></html>\n", ["rdata-fields@1"]],
  ])("names the line and what to do: %s", (_, text, expected) => {
    const result = parse(text);
    expect(result.zone).toBeNull();
    expect(problems(text)).toEqual(expected);
    for (const { message } of result.problems) expect(message).toMatch(/[.?$]$/);
  });

  it("keeps limits", () => {
    const lines = (count: number) =>
      `$TTL 1\n${Array.from({ length: count }, (_, index) => `a${index} A 192.0.2.1`).join("\n")}\n`;
    expect(problems(lines(3), { limits: { maxRecords: 3 } })).toEqual([]);
    expect(problems(lines(5), { limits: { maxRecords: 3 } })).toEqual(["too-many-records@5"]);
    expect(problems(lines(5), { limits: { maxBytes: 10 } })).toEqual(["too-large@1"]);
    const generate = "$TTL 1\n$GENERATE 1-3 a$ A 192.0.2.1\n$GENERATE 1-3 b$ A 192.0.2.1\n";
    expect(problems(generate, { limits: { maxGenerate: 6 } })).toEqual([]);
    expect(problems(generate, { limits: { maxGenerate: 5 } })).toEqual(["too-many-generated@3"]);
    expect(problems(`$TTL 1\n$GENERATE 1-60000 a$ TXT ${'"x" '.repeat(5_000)}\n`)).toEqual(["too-many-generated@2"]);
  });

  it("stops at a hundred problems and says so", () => {
    const found = parse("a 1 A x\n".repeat(1_000)).problems;
    expect(found).toHaveLength(101);
    expect(found.at(-1)?.code).toBe("too-many-problems");
  });

  it("finds the lines of records", () => {
    const { lines } = parse("$TTL 1\na A 192.0.2.1\n  TXT x\na A 192.0.2.2\n");
    expect(lines.lineOf("a.example.com.")).toBe(2);
    expect(lines.lineOf("a.example.com.", "TXT")).toBe(3);
    expect(lines.lineOf("a.example.com.", "A", "192.0.2.2")).toBe(4);
    expect(lines.lineOf("b.example.com.")).toBeUndefined();
  });
});

describe("large and hostile text", () => {
  it("reads 100,000 records in linear time", () => {
    const body = (count: number) =>
      Array.from({ length: count }, (_, index) => `h${(index * 7_919) % count} A 192.0.2.${index % 256}`).join("\n");
    const { ms, result } = cpuTime(() => parse(`$TTL 1\n${body(100_000)}\n`));
    expect(result.problems).toEqual([]);
    expect(result.zone?.rrsets).toHaveLength(100_000);
    // About one second; quadratic work would take minutes.
    expect(ms).toBeLessThan(10_000);
  });

  it.each([
    ["a million records", () => "a 1 A 192.0.2.1\n".repeat(1_000_000), "too-many-records"],
    ["deep parentheses", () => "(".repeat(1_000_000), "parentheses"],
    ["one endless word", () => "a".repeat(5_000_000), "name-label-length"],
    ["one endless name", () => `${"a.".repeat(2_000_000)} 1 A 192.0.2.1`, "name-length"],
    ["one endless international word", () => `${"ü".repeat(2_000_000)} 1 A 192.0.2.1`, "name-label-length"],
    ["one endless escaped word", () => `${"\\001".repeat(1_000_000)} 1 A 192.0.2.1`, "name-label-length"],
    ["one endless string", () => `a 1 TXT "${"\\200".repeat(1_000_000)}"`, "text-length"],
    ["one endless number", () => `a ${"9".repeat(5_000_000)} A 192.0.2.1`, "ttl-range"],
    ["one endless time", () => `a ${"9w".repeat(2_000_000)} A 192.0.2.1`, "ttl-range"],
    ["endless generic data", () => `a 1 TYPE1000 \\# 65535 ${"00".repeat(2_000_000)}`, "rdata-length"],
    ["endless parameters", () => `a 1 HTTPS 1 . ${"key667= ".repeat(50_000)}`, "rdata-value"],
    ["a million words", () => `a 1 TXT ( ${"a ".repeat(1_000_000)} )`, "rdata-length"],
    ["generated giants", () => `$GENERATE 1-60000 a$ 1 TXT ${'"$" '.repeat(5_000)}`, "too-many-generated"],
    ["generated braces", () => `$GENERATE 1-60000 a$ 1 TXT ${"${".repeat(1_000_000)}`, "generate-syntax"],
    ["open quotes", () => '"\n'.repeat(1_000_000), "text-quotes"],
    [
      "binary",
      () => Array.from({ length: 100_000 }, (_, index) => String.fromCharCode(1 + ((index * 31) % 255))).join(""),
      "text-control",
    ],
  ])("%s is refused quickly", (_, make, code) => {
    const text = make();
    const { ms, result } = cpuTime(() => parse(text));
    expect(result.zone).toBeNull();
    expect(result.problems.length).toBeLessThanOrEqual(101);
    expect(result.problems.map((problem) => problem.code)).toContain(code);
    expect(ms).toBeLessThan(5_000);
  });

  it("keeps HTML in TXT as it is", () => {
    expect(records('a 1 TXT "<script>alert(1)</script>"\n')).toEqual([
      'a.example.com. 1 IN TXT "<script>alert(1)</script>"',
    ]);
  });
});
