import { describe, expect, it } from "vitest";
import { zoneOfPath, zonePath } from "./zone-path";

describe("zonePath", () => {
  it.each([
    ["example.com.", "/zones/example.com"],
    ["0/25.2.0.192.in-addr.arpa.", "/zones/0%2F25.2.0.192.in-addr.arpa"],
    ["a\\.b.example.", "/zones/a%5C.b.example"],
  ])("leads to %s and back", (name, path) => {
    expect(zonePath(name)).toBe(path);
    expect(zoneOfPath(path.slice("/zones/".length))).toBe(name);
  });

  it("takes any spelling", () => {
    expect(zoneOfPath("B%C3%BCcher.Example.")).toBe("xn--bcher-kva.example.");
  });

  it.each(["%", "a..b", "a b"])("knows that %j is no name", (param) => {
    expect(zoneOfPath(param)).toBeNull();
  });
});
