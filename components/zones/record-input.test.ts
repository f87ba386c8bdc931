import { describe, expect, it } from "vitest";
import { RDATA_TYPES } from "@/lib/dns/rdata/registry";
import { completeName, doubtfulName, GENERIC, inputOf, type RecordInput, readRecord } from "./record-input";

const APEX = "example.com.";
const a = (changes: Partial<RecordInput>): RecordInput => ({
  owner: "www",
  type: "A",
  ttl: "1h",
  values: { address: "192.0.2.1" },
  ...changes,
});
const firstField = (type: string) => RDATA_TYPES.find((entry) => entry.type === type)?.fields[0]?.name ?? "";
const address = { [firstField("A")]: "192.0.2.1" };

describe("readRecord", () => {
  it.each([
    ["www", "www.example.com."],
    ["@", APEX],
    ["", APEX],
    ["www.example.com", "www.example.com."],
    ["www.example.com.", "www.example.com."],
    ["*.dev", "*.dev.example.com."],
    ["Bücher", "xn--bcher-kva.example.com."],
  ])("reads the name %j", (owner, expected) => {
    expect(readRecord(a({ owner, values: address }), APEX)).toMatchObject({
      ok: true,
      record: { owner: expected, ttl: 3600 },
    });
  });

  it.each<[string, Partial<RecordInput>, string]>([
    ["a name of another zone", { owner: "www.example.net." }, "owner"],
    ["a broken name", { owner: "a..b" }, "owner"],
    ["a type that is none", { type: "NOPE" }, "type"],
    ["a TTL that is none", { ttl: "soon" }, "ttl"],
    ["a TTL over 2^31-1", { ttl: "2147483648" }, "ttl"],
    ["an address that is none", { values: { [firstField("A")]: "192.0.2.256" } }, "data"],
    ["nothing", { values: {} }, "data"],
  ])("says where %s stands", (_, changes, field) => {
    expect(readRecord(a({ values: address, ...changes }), APEX)).toMatchObject({ ok: false, field });
  });

  it("completes names in record data, whole names of the zone among them", () => {
    const read = (value: string) => readRecord(a({ type: "CNAME", values: { [firstField("CNAME")]: value } }), APEX);
    expect(read("mail")).toMatchObject({ record: { rdata: "mail.example.com." } });
    expect(read("mail.example.com")).toMatchObject({ record: { rdata: "mail.example.com." } });
    expect(read("mail.example.net.")).toMatchObject({ record: { rdata: "mail.example.net." } });
  });

  it("takes a type without a form in RFC 3597 form", () => {
    expect(readRecord(a({ type: "TYPE65280", values: { [GENERIC]: "\\# 2 abCD" } }), APEX)).toMatchObject({
      record: { type: "TYPE65280", rdata: "\\# 2 ABCD" },
    });
  });

  it.each([
    ["SOA", "ns1.example.net. hostmaster.example.com. 1 2 3 4 5"],
    ["TXT", '"v=spf1 -all" "<b>\\200</b>"'],
    ["MX", "10 mail.example.com."],
    ["CAA", '0 issue "ca.example"'],
    ["SRV", "0 5 5060 sip.example.com."],
    ["HTTPS", "1 . alpn=h2,h3"],
    ["TYPE65280", "\\# 2 ABCD"],
  ])("gives a %s record back as it was", (type, rdata) => {
    const record = { owner: APEX, type, ttl: 60, rdata };
    expect(readRecord(inputOf(record, "@"), APEX)).toEqual({ ok: true, record });
  });
});

describe("completeName", () => {
  it.each([
    ["mail", "mail"],
    ["mail.example.com", "mail.example.com."],
    ["EXAMPLE.com", "example.com."],
    ["notexample.com", "notexample.com"],
    ["@", "@"],
    ["a..b", "a..b"],
  ])("turns %j into %j", (text, expected) => {
    expect(completeName(text, APEX)).toBe(expected);
  });
});

describe("doubtfulName", () => {
  it("points at whole names without their dot", () => {
    expect(doubtfulName("mail.example.net", APEX)).toBe("mail.example.net.example.com.");
    for (const clear of ["mail", "mail.example.net.", "mail.example.com", "@", "", "a..b"])
      expect(doubtfulName(clear, APEX)).toBeNull();
  });
});
