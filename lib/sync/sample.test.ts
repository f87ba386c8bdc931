import { describe, expect, test } from "vitest";
import type { RRset } from "@/lib/dns/zone";
import { parseZoneFile } from "@/lib/dns/zone-file";
import { sampleDifference, sampleRRsets } from "./sample";

const zone = (lines: readonly string[]) => {
  const text = `$TTL 300\n@ SOA ns1.example.net. h.example.net. 7 1 2 3 4\n@ NS ns1.example.net.\n${lines.join("\n")}\n`;
  const parsed = parseZoneFile(text, { origin: "example.com." }).zone;
  if (!parsed) throw new Error("no zone");
  return parsed;
};
const names = (rrsets: readonly RRset[]) =>
  rrsets.map(({ owner, type }) => `${owner.replace("example.com.", "@")} ${type}`);

describe("a sample", () => {
  test("has all of the apex and some of the rest, each once", () => {
    const hosts = Array.from({ length: 50 }, (_, index) => `h${index} A 192.0.2.1`);
    const drawn = new Set<string>();
    for (let seed = 0; seed < 20; seed++) {
      let step = seed;
      const sample = names(sampleRRsets(zone(["@ MX 10 m", ...hosts]), () => (step++ * 0.37) % 1));
      expect(sample.slice(0, 3)).toEqual(["@ SOA", "@ MX", "@ NS"]);
      expect(new Set(sample).size).toBe(11);
      for (const name of sample) drawn.add(name);
    }
    expect(drawn.size).toBeGreaterThan(30);
  });

  test("leaves out what the nameserver does not answer for itself", () => {
    const lines = [
      "sub NS ns.sub",
      "sub DS 1 8 2 00",
      "ns.sub A 192.0.2.1",
      "d DNAME example.net.",
      "www A 192.0.2.1",
      "*.w A 192.0.2.2",
    ];
    const sample = names(sampleRRsets(zone(lines.filter((line) => !line.includes("DS"))), () => 0));
    expect(sample.sort()).toEqual(["*.w.@ A", "@ NS", "@ SOA", "d.@ DNAME", "www.@ A"]);
  });
});

describe("an answer", () => {
  const wanted: RRset = { owner: "www.example.com.", type: "A", ttl: 300, rdatas: ["192.0.2.1", "192.0.2.2"] };
  const soa: RRset = { owner: "example.com.", type: "SOA", ttl: 300, rdatas: ["ns. h. 7 1 2 3 4"] };
  test.each([
    ["in another order", wanted, { ttl: 300, rdatas: ["192.0.2.2", "192.0.2.1"] }, null],
    ["twice", wanted, { ttl: 300, rdatas: ["192.0.2.2", "192.0.2.1", "192.0.2.1"] }, null],
    ["nothing", wanted, { ttl: null, rdatas: [] }, "www.example.com. A is not there."],
    ["one less", wanted, { ttl: 300, rdatas: ["192.0.2.1"] }, "www.example.com. A has other records."],
    [
      "one more",
      wanted,
      { ttl: 300, rdatas: ["192.0.2.1", "192.0.2.2", "192.0.2.3"] },
      "www.example.com. A has other records.",
    ],
    ["another TTL", wanted, { ttl: 60, rdatas: wanted.rdatas }, "www.example.com. A has TTL 60 instead of 300."],
    ["another serial", soa, { ttl: 300, rdatas: ["ns. h. 8 1 2 3 4"] }, null],
    ["another SOA", soa, { ttl: 300, rdatas: ["ns. h. 7 1 2 3 5"] }, "example.com. SOA has other records."],
  ])("%s", (_, rrset, answer, difference) => {
    expect(sampleDifference(rrset, answer)).toBe(difference);
  });
});
