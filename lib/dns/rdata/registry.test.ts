import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DnsSyntaxError } from "../errors";
import { nameToWire } from "../name";
import { KNOWN_TYPES, rdataOf } from "../testing/arbitraries";
import { hexOf } from "./encodings";
import { isMetaType, OTHER_TYPES } from "./other-types";
import {
  parseRdata,
  RDATA_TYPES,
  rdataFromMessage,
  rdataFromWire,
  rdataToWire,
  rdataType,
  typeCode,
  typeName,
} from "./registry";

const ORIGIN = "example.com.";
const sha256 = "0123456789abcdef".repeat(4);

describe("parseRdata gives the one spelling of a value", () => {
  it.each([
    [
      "SOA",
      "ns1 hostmaster 2030010100 1h 15m 2w 300",
      "ns1.example.com. hostmaster.example.com. 2030010100 3600 900 1209600 300",
    ],
    ["SOA", "ns1 first\\.last ( 1 2 3 4 5 )", "ns1.example.com. first\\.last.example.com. 1 2 3 4 5"],
    ["NS", "NS1.Example.NET.", "ns1.example.net."],
    ["A", "192.0.2.1", "192.0.2.1"],
    ["AAAA", "2001:DB8:0:0:0:0:0:1", "2001:db8::1"],
    ["CNAME", "@", "example.com."],
    ["DNAME", "new", "new.example.com."],
    ["MX", "010 mail", "10 mail.example.com."],
    ["MX", "0 .", "0 ."],
    ["TXT", "plain words", '"plain" "words"'],
    ["TXT", '"a\\065\\"\\\\;"', '"aA\\"\\\\;"'],
    ["TXT", "grüße", '"gr\\195\\188\\195\\159e"'],
    ["TXT", '""', '""'],
    ["TXT", `"${"x".repeat(256)}"`, `"${"x".repeat(255)}" "x"`],
    ["TXT", `"${"\\200".repeat(255)}"`, `"${"\\200".repeat(255)}"`],
    ["TXT", 'a="b c"', '"a=" "b c"'],
    ["SPF", '"v=spf1 -all"', '"v=spf1 -all"'],
    ["SRV", "0 5 5060 sip", "0 5 5060 sip.example.com."],
    ["CAA", "0 issue ca.example.net", '0 issue "ca.example.net"'],
    ["CAA", '128 iodef "mailto:a@example.com"', '128 iodef "mailto:a@example.com"'],
    ["CAA", `0 issue "${"v".repeat(300)}"`, `0 issue "${"v".repeat(300)}"`],
    ["PTR", "Host", "host.example.com."],
    ["NAPTR", '100 10 "U" E2U+sip "!^.*$!sip:x@example.com!" .', '100 10 "U" "E2U+sip" "!^.*$!sip:x@example.com!" .'],
    ["NAPTR", '1 2 "" "" "/a(b)/\\\\1/i" x', '1 2 "" "" "/a(b)/\\\\1/i" x.example.com.'],
    ["TLSA", `3 1 1 ${sha256.slice(0, 20)} ${sha256.slice(20)}`, `3 1 1 ${sha256.toUpperCase()}`],
    ["SSHFP", `4 2 ${sha256}`, `4 2 ${sha256.toUpperCase()}`],
    ["SSHFP", "9 9 ab", "9 9 AB"],
    ["DS", `12345 ECDSAP256SHA256 2 ${sha256}`, `12345 13 2 ${sha256.toUpperCase()}`],
    ["DS", "1 8 9 ab cd", "1 8 9 ABCD"],
    ["URI", '10 1 "https://example.com/"', '10 1 "https://example.com/"'],
    ["HINFO", "PC Linux", '"PC" "Linux"'],
    ["RP", "admin .", "admin.example.com. ."],
    ["AFSDB", "1 afs", "1 afs.example.com."],
    ["A", "\\# 4 C0000201", "192.0.2.1"],
    ["MX", "\\# 8 000a 04 6d41696c 00", "10 mail."],
    ["TXT", '"\\#" 4 x', '"#" "4" "x"'],
  ])("%s %s", (type, text, expected) => {
    expect(parseRdata(type, text, ORIGIN)).toBe(expected);
  });

  it("keeps unknown types in generic form", () => {
    expect(parseRdata("TYPE65280", "\\# 3 ab (cd \n ef)", ORIGIN)).toBe("\\# 3 ABCDEF");
    expect(parseRdata("TYPE65280", "\\# 0", ORIGIN)).toBe("\\# 0");
  });
});

describe("parseRdata refuses", () => {
  it.each([
    ["A", "", "rdata-fields"],
    ["A", "192.0.2", "address-syntax"],
    ["A", "192.0.2.256", "address-syntax"],
    ["A", "192.0.2.01", "address-syntax"],
    ["A", "192.0.2.1 192.0.2.2", "rdata-fields"],
    ["A", '"192.0.2.1"', "text-quotes"],
    ["A", "192.0.2.1\n192.0.2.2", "rdata-fields"],
    ["AAAA", "192.0.2.1", "address-syntax"],
    ["AAAA", "1::2::3", "address-syntax"],
    ["NS", "a..b", "name-empty"],
    ["NS", '"ns1"', "text-quotes"],
    ["MX", "mail", "rdata-fields"],
    ["MX", "65536 mail", "number-range"],
    ["MX", "-1 mail", "number-range"],
    ["MX", "1e3 mail", "number-range"],
    ["SOA", "ns1 h 1 2 3 4", "rdata-fields"],
    ["SOA", "ns1 h 4294967296 2 3 4 5", "number-range"],
    ["SOA", "ns1 h 1h 2 3 4 5", "number-range"],
    ["SOA", "ns1 h 1 99999w 3 4 5", "number-range"],
    ["TXT", '"\\256"', "text-escape"],
    ["TXT", '"open', "text-quotes"],
    ["TXT", `"${"x".repeat(70_000)}"`, "text-length"],
    ["TXT", `"${"x".repeat(255)}" `.repeat(257), "rdata-length"],
    ["CAA", "0 is-sue x", "rdata-value"],
    ["CAA", '0 "" x', "rdata-value"],
    ["HINFO", `"${"x".repeat(256)}" a`, "text-length"],
    ["TLSA", "3 1 1", "rdata-fields"],
    ["TLSA", "3 1 1 abc", "hex-syntax"],
    ["TLSA", "3 1 1 zz", "hex-syntax"],
    ["TLSA", `3 1 1 ${"ab".repeat(70_000)}`, "rdata-length"],
    ["TLSA", `3 1 1 ${"ab".repeat(65_534)}`, "rdata-length"],
    ["SSHFP", "4 2 abcd", "rdata-value"],
    ["DS", "1 8 2 abcd", "rdata-value"],
    ["DS", "1 NOSUCH 2 abcd", "number-range"],
    ["URI", '1 1 ""', "rdata-value"],
    ["NAPTR", '1 1 "" "" "!x!y" .', "rdata-value"],
    ["NAPTR", '1 1 "" "" "!x!\\\\1!" .', "rdata-value"],
    ["NAPTR", '1 1 "" "" "!(x!y!" .', "rdata-value"],
    ["NAPTR", '1 1 "" "" "!x!y!z" .', "rdata-value"],
    ["NAPTR", '1 1 "" "" "1x1y1" .', "rdata-value"],
    ["A", "\\# 4 c00002", "rdata-length"],
    ["A", "\\# 3 c00002", "rdata-wire"],
    ["A", "\\# 5 c000020100", "rdata-wire"],
    ["A", "\\#", "rdata-fields"],
    ["A", "\\# x 00", "rdata-fields"],
    ["MX", "\\# 4 000ac000", "rdata-wire"],
    ["TYPE65280", "\\# 1 zz", "hex-syntax"],
    ["TYPE65280", "anything", "rdata-fields"],
    ["TYPE65280", `\\# 65535 ${"00".repeat(65_536)}`, "rdata-length"],
  ])("%s %j: %s", (type, text, expected) => {
    try {
      expect(parseRdata(type, text, ORIGIN)).toBe("refused");
    } catch (error) {
      if (!(error instanceof DnsSyntaxError)) throw error;
      expect(error.code).toBe(expected);
      // Says what to do, and does not repeat hostile lengths.
      expect(error.message).toMatch(/\.$|[a-z0-9)!.]$/);
      expect(error.message.length).toBeLessThan(300);
    }
  });
});

describe("wire form", () => {
  it.each([
    ["A", "192.0.2.1", "C0000201"],
    ["AAAA", "2001:db8::1", "20010DB8000000000000000000000001"],
    ["MX", "10 a.b.", "000A0161016200"],
    ["TXT", '"ab" ""', "02616200"],
    ["SOA", "a. b. 1 2 3 4 4294967295", "01610001620000000001000000020000000300000004FFFFFFFF"],
    ["SRV", "1 2 3 .", "00010002000300"],
    ["CAA", '128 tag "v"', "800374616776"],
    ["NAPTR", '1 2 "s" "x" "" .', "00010002017301780000"],
    ["TLSA", "3 1 1 AB", "030101AB"],
    ["URI", '1 2 "x"', "0001000278"],
    ["HTTPS", "1 . alpn=h2 port=53", "00010000010003026832000300020035"],
    ["LOC", "42 21 54.000 N 71 6 18.000 W -24.00m 30.00m 10000.00m 10.00m", "0033161389172DD070BE15F000988D20"],
    ["TYPE65280", "\\# 2 ABCD", "ABCD"],
    ["TYPE65280", "\\# 0", ""],
  ])("%s %s", (type, rdata, hex) => {
    expect(hexOf(rdataToWire(type, rdata))).toBe(hex);
    expect(rdataFromWire(type, rdataToWire(type, rdata))).toBe(rdata);
  });

  it("reads compressed names inside a message", () => {
    const message = Uint8Array.from([...nameToWire("example.com."), 0, 10, 4, 77, 97, 105, 108, 0xc0, 0]);
    expect(rdataFromMessage("MX", message, 13, 9)).toBe("10 mail.example.com.");
    expect(rdataFromMessage("TYPE65280", message, 13, 2)).toBe("\\# 2 000A");
    expect(() => rdataFromMessage("MX", message, 13, 8)).toThrow(DnsSyntaxError);
    expect(() => rdataFromMessage("MX", message, 13, 90)).toThrow(DnsSyntaxError);
    expect(() => rdataFromWire("MX", message.subarray(13))).toThrow(DnsSyntaxError);
  });
});

describe.each(KNOWN_TYPES)("%s", (type) => {
  const definition = rdataType(type);

  it("keeps its laws: canonical, wire, generic and form spellings lead to each other", () => {
    fc.assert(
      fc.property(rdataOf(type), (rdata) => {
        expect(parseRdata(type, rdata, ORIGIN)).toBe(rdata);
        expect(rdata).toMatch(/^[\x20-\x7e]+$/);
        const wire = rdataToWire(type, rdata);
        expect(rdataFromWire(type, wire)).toBe(rdata);
        expect(rdataFromMessage(type, wire, 0, wire.length)).toBe(rdata);
        expect(parseRdata(type, `\\# ${wire.length} ${hexOf(wire)}`, ORIGIN)).toBe(rdata);
        const values = definition?.split(rdata) ?? {};
        expect(Object.keys(values)).toEqual(definition?.fields.map(({ name }) => name));
        expect(parseRdata(type, definition?.join(values) ?? "", ORIGIN)).toBe(rdata);
      }),
      { numRuns: 150 },
    );
  });

  it("reads wire data of any kind or refuses it", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        let rdata: string;
        try {
          rdata = rdataFromWire(type, bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(DnsSyntaxError);
          return;
        }
        expect(parseRdata(type, rdata, ".")).toBe(rdata);
        expect(rdataFromWire(type, rdataToWire(type, rdata))).toBe(rdata);
      }),
      { numRuns: 300 },
    );
  });

  it("asks for what a form lacks", () => {
    const needed = definition?.fields.some(({ optional }) => !optional);
    if (needed) expect(() => definition?.join({})).toThrow(DnsSyntaxError);
    for (const field of definition?.fields ?? []) {
      expect(field.label).not.toBe("");
      expect(field.help).toMatch(/\S/);
      expect(field.placeholder).not.toBe("");
    }
    expect(JSON.parse(JSON.stringify(definition?.fields))).toEqual(definition?.fields);
  });
});

describe("form values", () => {
  it.each([
    ["TXT", '"v=spf1 mx -all"', { text: "v=spf1 mx -all" }],
    ["TXT", '"say \\"hi\\" \\\\o/"', { text: 'say "hi" \\o/' }],
    ["TXT", '"\\"quoted\\""', { text: '"\\"quoted\\""' }],
    ["TXT", `"${"k".repeat(255)}" "${"k".repeat(100)}"`, { text: "k".repeat(355) }],
    ["TXT", '"two" "strings"', { text: '"two" "strings"' }],
    ["TXT", '"gr\\195\\188\\195\\159e"', { text: "grüße" }],
    ["TXT", '"\\255"', { text: '"\\255"' }],
    ["TXT", '"a\\010b"', { text: '"a\\010b"' }],
    ["TXT", '""', { text: '""' }],
    ["TXT", '" "', { text: '" "' }],
    ["CAA", '0 issue ";"', { flags: "0", tag: "issue", value: ";" }],
    ["CAA", '0 issue ""', { flags: "0", tag: "issue", value: "" }],
    ["MX", "10 mail.example.com.", { preference: "10", exchange: "mail.example.com." }],
    ["RP", "first\\.last.example.com. .", { mailbox: "first.last@example.com", text: "." }],
    ["HTTPS", "1 . alpn=h2,h3 port=8443", { priority: "1", target: ".", params: "alpn=h2,h3 port=8443" }],
    ["HTTPS", "0 x.", { priority: "0", target: "x.", params: "" }],
  ])("%s %s", (type, rdata, values) => {
    expect(rdataType(type)?.split(rdata)).toEqual(values);
    expect(parseRdata(type, rdataType(type)?.join(values as Record<string, string>) ?? "", ".")).toBe(rdata);
  });

  it.each([
    ["TXT", { text: "v=DKIM1; p=MIIB\n  IjAN\r\n\tBgkq" }, '"v=DKIM1; p=MIIBIjANBgkq"'],
    ["TXT", { text: '( "a"\n "b" )' }, '"a" "b"'],
    ["MX", { preference: " 10 ", exchange: "mail " }, "10 mail.example.com."],
    ["MX", { preference: "10", exchange: "bücher.example." }, "10 xn--bcher-kva.example."],
    [
      "SOA",
      {
        mname: "ns1",
        rname: "first.last@example.com",
        serial: "1",
        refresh: "1h",
        retry: "1",
        expire: "1w",
        minimum: "1",
      },
      "ns1.example.com. first\\.last.example.com. 1 3600 1 604800 1",
    ],
    [
      "LOC",
      { latitude: "42 21 54 N", longitude: "71 06 18 W" },
      "42 21 54.000 N 71 6 18.000 W 0.00m 1.00m 10000.00m 10.00m",
    ],
  ])("%s takes what people type: %j", (type, values, expected) => {
    expect(parseRdata(type, rdataType(type)?.join(values as Record<string, string>) ?? "", ORIGIN)).toBe(expected);
  });
});

describe("types", () => {
  it.each([
    ["A", 1],
    ["aaaa", 28],
    ["TYPE1", 1],
    ["type65535", 65_535],
    ["DNSKEY", 48],
    ["CAA", 257],
  ])("%s is %i", (word, code) => {
    expect(typeCode(word)).toBe(code);
  });

  it.each(["", "NOSUCH", "TYPE65536", "TYPE", "constructor", "A ", "ALIAS"])("%j is none", (word) => {
    expect(() => typeCode(word)).toThrow(DnsSyntaxError);
  });

  it("have one name each", () => {
    for (const { type, code } of RDATA_TYPES) {
      expect(typeName(code)).toBe(type);
      expect(typeCode(type)).toBe(code);
      expect(Object.hasOwn(OTHER_TYPES, type)).toBe(false);
      expect(isMetaType(code)).toBe(false);
    }
    expect(typeName(48)).toBe("TYPE48");
    expect(new Set([...RDATA_TYPES.map(({ code }) => code), ...Object.values(OTHER_TYPES)]).size).toBe(
      RDATA_TYPES.length + Object.keys(OTHER_TYPES).length,
    );
    expect([0, 41, 128, 255].every(isMetaType)).toBe(true);
  });
});
