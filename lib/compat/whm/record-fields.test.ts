import { describe, expect, it } from "vitest";
import { parseRdata, RDATA_TYPES } from "@/lib/dns/rdata/registry";
import { rdataOfFields, wireRecord } from "./record-fields";

const APEX = "example.com.";
const record = (type: string, rdata: string) => ({
  owner: "www.example.com.",
  ttl: 300,
  type,
  rdata: parseRdata(type, rdata, APEX),
});
const argumentsOf = (fields: Record<string, string | number>) => (name: string) => {
  const value = fields[name];
  return value === undefined ? undefined : String(value);
};

describe("wireRecord", () => {
  it.each<[string, string, Record<string, string>]>([
    ["A", "192.0.2.1", { address: "192.0.2.1" }],
    ["AAAA", "2001:db8::1", { address: "2001:db8::1" }],
    ["NS", "ns1.example.net.", { nsdname: "ns1.example.net" }],
    ["CNAME", "@", { cname: "example.com" }],
    ["CNAME", "localhost.", { cname: "localhost." }],
    ["PTR", "a.example.net.", { ptrdname: "a.example.net" }],
    ["MX", "10 mail", { preference: "10", exchange: "mail.example.com" }],
    ["MX", "0 .", { preference: "0", exchange: "." }],
    ["TXT", '"v=spf1 -all"', { txtdata: "v=spf1 -all" }],
    ["SRV", "1 2 5060 sip", { priority: "1", weight: "2", port: "5060", target: "sip.example.com" }],
    ["CAA", '0 issue "ca.example"', { flag: "0", tag: "issue", value: "ca.example" }],
    [
      "SOA",
      "ns1 first\\.last.example.net. 7 1 2 3 4",
      {
        mname: "ns1.example.com",
        rname: "first\\.last.example.net",
        serial: "7",
        refresh: "1",
        retry: "2",
        expire: "3",
        minimum: "4",
      },
    ],
    ["TYPE65280", "\\# 2 abcd", { rdata: "\\# 2 ABCD" }],
  ])("%s %s", (type, rdata, fields) => {
    const { Line, name, class: given, ttl, type: shown, ...rest } = wireRecord(record(type, rdata), 3);
    expect([Line, name, given, ttl, shown]).toEqual([3, "www.example.com.", "IN", 300, type]);
    expect(Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, String(value).toLowerCase()]))).toEqual(
      Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, value.toLowerCase()])),
    );
  });
});

const SAMPLES: Readonly<Record<string, string>> = {
  A: "192.0.2.1",
  AAAA: "2001:db8::1",
  CNAME: "a",
  MX: "10 .",
  TXT: '"a" "b \\"c\\" \\200"',
  NS: "localhost.",
  SRV: "0 0 1 a.b",
  CAA: '128 iodef "mailto:a@example.com"',
  HTTPS: '1 . alpn="h2,h3" port=8443',
  SVCB: "0 svc.example.net.",
  PTR: "a.b.",
  NAPTR: '100 10 "U" "E2U+sip" "!^.*$!sip:info@example.com!" .',
  TLSA: `3 1 1 ${"aa".repeat(32)}`,
  SSHFP: `4 2 ${"bb".repeat(32)}`,
  DS: `1 13 2 ${"ab".repeat(32)}`,
  DNAME: "other.example.",
  LOC: "52 22 23.000 N 4 53 32.000 E -2.00m 0.00m 10000m 10m",
  URI: '10 1 "https://www.example.com/a+b"',
  HINFO: '"RFC8482" ""',
  RP: "first\\.last.example.net. txt.example.net.",
  AFSDB: "1 afs.example.com.",
  SPF: '"v=spf1 -all"',
  SOA: "ns1 hostmaster 1 2 3 4 5",
};

describe("rdataOfFields", () => {
  it.each(RDATA_TYPES.map(({ type }) => type))("takes back what is shown of %s", (type) => {
    const sample = record(type, SAMPLES[type] ?? "").rdata;
    const fields = wireRecord({ ...record("A", "192.0.2.1"), type, rdata: sample }, 1);
    expect(rdataOfFields(type, APEX, argumentsOf(fields), null)).toBe(sample);
  });

  it.each<[string, Record<string, string>, string]>([
    ["CNAME", { cname: "www" }, "www.example.com."],
    ["CNAME", { cname: "www.example.net" }, "www.example.net."],
    ["CNAME", { cname: "www.example.net." }, "www.example.net."],
    ["TXT", { txtdata: 'a+b "c"' }, '"a+b \\"c\\""'],
    ["SOA", { rname: "host@example.net" }, "ns1.example.com. host.example.net. 7 1 2 3 4"],
    ["SOA", { minimum: "60" }, "ns1.example.com. hostmaster.example.com. 7 1 2 3 60"],
  ])("%s %j", (type, fields, rdata) => {
    const before = type === "SOA" ? record("SOA", "ns1 hostmaster 7 1 2 3 4").rdata : null;
    expect(rdataOfFields(type, APEX, argumentsOf(fields), before)).toBe(rdata);
  });

  it.each<[string, Record<string, string>, RegExp]>([
    ["A", {}, /“address” is missing/],
    ["MX", { exchange: "mail" }, /“preference” is missing/],
    ["A", { address: "nowhere" }, /address/i],
    ["TYPE65280", {}, /“rdata” is missing/],
    ["CNAME", { cname: "a b" }, /./],
  ])("refuses %s %j", (type, fields, message) => {
    expect(() => rdataOfFields(type, APEX, argumentsOf(fields), null)).toThrow(message);
  });
});
