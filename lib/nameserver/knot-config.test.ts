import { describe, expect, it } from "vitest";
import { reachableAddress, renderKnotConfig } from "@/lib/nameserver/knot-config";

describe("renderKnotConfig", () => {
  const listen = [
    { address: "192.0.2.53", port: 53 },
    { address: "::", port: 5353 },
  ];

  it("listens, journals what changes between files of ours, and lets this machine transfer", () => {
    const config = renderKnotConfig({ listen, zones: [] });
    expect(config).toContain("  listen: [192.0.2.53@53, ::@5353]\n");
    expect(config).toContain("  address: [127.0.0.1, ::1, 192.0.2.53]\n");
    expect(config).toContain("    zonefile-load: difference\n    zonefile-sync: -1\n    journal-content: changes\n");
    expect(config).not.toContain("zone:\n  - domain");
  });

  it.each([
    ["example.com.", '  - domain: "example.com."\n'],
    ["a\\.b\\037.example.", '  - domain: "a\\.b\\037.example."\n    file: "hashed/'],
    ['\\\\\\".example.', '  - domain: "\\\\\\034.example."\n    file: "hashed/'],
    ["0/25.2.0.192.in-addr.arpa.", '  - domain: "0/25.2.0.192.in-addr.arpa."\n    file: "hashed/'],
  ])("spells the zone %s", (zone, expected) => {
    expect(renderKnotConfig({ listen, zones: [zone] })).toContain(`\nzone:\n${expected}`);
  });
});

describe("reachableAddress", () => {
  it.each([
    ["0.0.0.0", "127.0.0.1"],
    ["::", "::1"],
    ["192.0.2.1", "192.0.2.1"],
  ])("%s is reached at %s", (address, expected) => {
    expect(reachableAddress({ address, port: 53 })).toEqual({ address: expected, port: 53 });
  });
});
