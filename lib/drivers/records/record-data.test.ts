import { describe, expect, it } from "vitest";
import { dataOf, hostFrom, rdataFrom } from "./record-data";

const apex = "example.com.";

describe("rdataFrom", () => {
  it.each([
    ["A", "192.0.2.1", undefined, "192.0.2.1"],
    ["CNAME", "WWW.Example.NET.", undefined, "www.example.net."],
    ["CNAME", "www", undefined, "www.example.com."],
    ["MX", "mail.example.net.", 20, "20 mail.example.net."],
    ["MX", "mail.example.net.", undefined, "10 mail.example.net."],
    ["TXT", "MiXed Case", undefined, '"MiXed Case"'],
    ["TXT", '"in quotes"', undefined, '"in quotes"'],
    ["TXT", 'a"b\\c', undefined, '"a\\"b\\\\c"'],
    ["A", "not an address", undefined, null],
  ])("reads %s %s", (type, data, preference, rdata) => {
    expect(rdataFrom(type, { data, preference }, apex)).toBe(rdata);
  });

  it.each([
    ["A", "192.0.2.1"],
    ["MX", "0 ."],
    ["TXT", '"MiXed Case; p=a/b+c="'],
    ["NS", "ns1.example.net."],
  ])("reads what dataOf wrote: %s %s", (type, rdata) => {
    expect(rdataFrom(type, dataOf(type, rdata), apex)).toBe(rdata);
  });
});

describe("hostFrom", () => {
  it.each([
    ["@", "@"],
    ["", "@"],
    ["example.com.", "@"],
    ["WWW", "www"],
    ["a.b", "a.b"],
    ["www.example.com.", "www"],
    ["www.example.net.", null],
    ["x.example.com", "x.example.com"],
  ])("reads %j", (host, relative) => {
    expect(hostFrom(host, apex)).toBe(relative);
  });
});
