import { describe, expect, it } from "vitest";
import { parseRdata, RDATA_TYPES } from "@/lib/dns/rdata/registry";
import { dataItems, rdataText } from "./record-data";

const EXAMPLES: readonly (readonly [type: string, rdata: string, items: readonly string[]])[] = [
  ["A", "192.0.2.1", ["192.0.2.1"]],
  ["AAAA", "2001:db8::1", ["2001:db8::1"]],
  ["MX", "10 mail.example.net.", ["10", "mail.example.net."]],
  ["SRV", "0 5 5060 sip.example.net.", ["0", "5", "5060", "sip.example.net."]],
  ["TXT", '"v=spf1 mx -all"', ["v=spf1 mx -all"]],
  ["TXT", '"one" "two \\" and \\\\"', ["one", 'two " and \\']],
  ["TXT", '""', [""]],
  ["CAA", '0 issue "ca.example.net; a=b"', ["0", "issue", "ca.example.net; a=b"]],
  [
    "NAPTR",
    '100 10 "U" "E2U+sip" "!^(.*)$!sip:\\\\1@example.net!" .',
    ["100", "10", "U", "E2U+sip", "!^(.*)$!sip:\\1@example.net!", "."],
  ],
  [
    "SOA",
    "ns1.example.net. hostmaster.example.net. 5 3600 600 604800 300",
    ["ns1.example.net.", "hostmaster.example.net.", "5", "3600", "600", "604800", "300"],
  ],
  ["TYPE65400", "\\# 2 ABCD", ["\\#", "2", "ABCD"]],
];

describe("record data on the wire", () => {
  it.each(EXAMPLES)("%s %s", (type, rdata, items) => {
    expect(dataItems(rdata).map(String)).toEqual(items);
    expect(parseRdata(type, rdataText(type, items), "example.com.")).toBe(rdata);
  });

  it("keeps octets that are no text", () => {
    expect(dataItems('"\\195\\188\\255"')[0]).toEqual(Buffer.from([0xc3, 0xbc, 0xff]));
  });

  it("knows where every type has its text", () => {
    for (const { type } of RDATA_TYPES) expect(typeof rdataText(type, ["a", "b"])).toBe("string");
  });

  it.each([
    ["HTTPS", '1 . alpn="h2,h3" ipv4hint=192.0.2.1'],
    ["SVCB", "1 svc.example.net. port=8443"],
  ])("reads %s back from its items", (type, text) => {
    const rdata = parseRdata(type, text, "example.com.");
    expect(parseRdata(type, rdataText(type, dataItems(rdata).map(String)), "example.com.")).toBe(rdata);
  });
});
