import { describe, expect, it } from "vitest";
import { diffZones } from "@/lib/dns/diff";
import { makeZone } from "@/lib/dns/zone-build";
import { changeRisks } from "./change-risks";

const APEX = "example.com.";
const record = (owner: string, type: string, rdata: string) => ({ owner, type, ttl: 60, rdata });
const soa = (refresh: number) => record(APEX, "SOA", `ns1.example.net. h.example.net. 1 ${refresh} 600 604800 300`);
const ns = record(APEX, "NS", "ns1.example.net.");
const hosts = (count: number) =>
  Array.from({ length: count }, (_, index) => record(`h${index}.${APEX}`, "A", "192.0.2.1"));

describe("changeRisks", () => {
  const before = makeZone(APEX, [soa(3600), ns, ...hosts(10)]);
  const risks = (records: Parameters<typeof makeZone>[1]) =>
    changeRisks(diffZones(before, makeZone(APEX, records)), APEX, 12);

  it("finds none in an ordinary change", () => {
    expect(risks([soa(3600), ns, ...hosts(9)])).toEqual([]);
    expect(risks([soa(3600), { ...ns, ttl: 30 }, ...hosts(10)])).toEqual([]);
  });
  it.each<[string, Parameters<typeof makeZone>[1], RegExp]>([
    [
      "other nameservers",
      [soa(3600), record(APEX, "NS", "ns2.example.net."), ...hosts(10)],
      /ns1\.example\.net, ns2\.example\.net/,
    ],
    ["another SOA", [soa(0), ns, ...hosts(10)], /SOA/],
    ["many records lost", [soa(3600), ns, ...hosts(4)], /^6 of 12/],
  ])("names %s", (_, records, message) => {
    expect(risks(records)).toEqual([expect.stringMatching(message)]);
  });
});
