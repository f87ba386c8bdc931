import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addressSet, networkProblem, plainAddress } from "./address-set";

describe("plainAddress", () => {
  it.each([
    ["192.0.2.1", "192.0.2.1"],
    ["::ffff:192.0.2.1", "192.0.2.1"],
    ["::ffff:c000:201", "192.0.2.1"],
    ["2001:DB8:0:0::1", "2001:db8::1"],
    ["[2001:db8::1]", "2001:db8::1"],
    ["fe80::1%eth0", "fe80::1"],
    ["192.0.2", undefined],
    ["0x7f.1", undefined],
    ["ns1.example.com", undefined],
    ["", undefined],
  ])("%s → %s", (text, expected) => {
    expect(plainAddress(text)).toBe(expected);
  });
});

describe("addressSet", () => {
  it.each([
    ["192.0.2.0/24", "192.0.2.255", true],
    ["192.0.2.0/24", "192.0.3.0", false],
    ["192.0.2.7", "192.0.2.7", true],
    ["192.0.2.7", "192.0.2.8", false],
    ["0.0.0.0/0", "203.0.113.9", true],
    ["0.0.0.0/0", "2001:db8::1", false],
    ["::/0", "2001:db8::1", true],
    ["2001:db8::/33", "2001:db8:8000::1", false],
    ["2001:db8::/32", "2001:db8:ffff::1", true],
    ["192.0.2.0/24", "::ffff:192.0.2.9", true],
    ["::ffff:192.0.2.0/120", "192.0.2.9", true],
    ["::ffff:192.0.2.0/120", "192.0.3.9", false],
    ["192.0.2.0/24", "nonsense", false],
  ])("%s holds %s: %s", (network, address, expected) => {
    expect(addressSet([network]).has(address)).toBe(expected);
  });

  it.each(["192.0.2.0/33", "2001:db8::/129", "example.com", "192.0.2.0/", "192.0.2.0/-1", "", "::ffff:192.0.2.0/90"])(
    "refuses %j",
    (text) => {
      expect(networkProblem(text)).toMatch(/is not an IP address or network/);
      expect(() => addressSet([text])).toThrow(RangeError);
    },
  );

  it("holds every address of /0 and exactly itself at full length", () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.ipV4(), (a, b) => {
        expect(addressSet(["0.0.0.0/0"]).has(a)).toBe(true);
        expect(addressSet([`${a}/32`]).has(b)).toBe(a === b);
      }),
    );
  });
});
