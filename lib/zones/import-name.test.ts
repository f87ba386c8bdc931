import { describe, expect, it } from "vitest";
import { cpuTime } from "@/lib/dns/testing/cpu-time";
import { nameOfZoneFile } from "./import-name";

const SOA = "SOA ns1.example.net. hostmaster.example.net. 1 3600 600 604800 300";

describe("nameOfZoneFile", () => {
  it.each([
    ["the SOA's absolute owner", "x.db", `$TTL 1h\nexample.com. 3600 IN ${SOA}`, "example.com.", "soa"],
    ["the SOA's owner under $ORIGIN", "x.db", `$ORIGIN com.\nexample IN ${SOA}`, "example.com.", "soa"],
    [
      "$ORIGIN when the SOA is at @",
      "other.org.db",
      `; c\n$ORIGIN example.com.\n@ IN ${SOA}`,
      "example.com.",
      "origin",
    ],
    ["the first $ORIGIN", "x.db", `$ORIGIN example.com.\n$ORIGIN sub\n@ ${SOA}`, "example.com.", "origin"],
    ["the file's name", "/var/named/example.com.db", `@ ${SOA}`, "example.com.", "file-name"],
    ["the file's name, BIND's Debian habit", "db.example.com", `@ ${SOA}`, "example.com.", "file-name"],
    [
      "the file's name on Windows, in Unicode",
      "C:\\dns\\Bücher.example.zone",
      "",
      "xn--bcher-kva.example.",
      "file-name",
    ],
    ["a name in upper case", "x", `Example.COM. IN ${SOA}`, "example.com.", "soa"],
    [
      "a commented SOA that is none",
      "example.org.txt",
      `; other.example. IN ${SOA}\n@ ${SOA}`,
      "example.org.",
      "file-name",
    ],
    ["a byte order mark", "x", `\uFEFF$ORIGIN example.com.\n@ ${SOA}`, "example.com.", "origin"],
  ])("takes %s", (_, fileName, text, name, from) => {
    expect(nameOfZoneFile(fileName, text)).toEqual({ name, from });
  });

  it.each([
    ["zone.db", `@ ${SOA}`],
    ["named.conf", 'zone "example.com" {};'],
    ["192.0.2.1.db", ""],
    ["a..b.zone", ""],
    ["", ""],
  ])("says that nothing names the zone of %j", (fileName, text) => {
    expect(nameOfZoneFile(fileName, text)).toBeNull();
  });

  it("takes linear time for a line of semicolons that ends in a line separator", () => {
    const { ms, result } = cpuTime(() => nameOfZoneFile("x", `${";".repeat(99_000)}\u2028`));
    expect(result).toBeNull();
    expect(ms).toBeLessThan(1_000);
  });
});
