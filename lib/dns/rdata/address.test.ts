import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ipv4, ipv6 } from "../testing/arbitraries";
import { ipv4Bytes, ipv6Bytes, ipv6OfBytes, parseIpv4, parseIpv6 } from "./address";

describe("parseIpv6", () => {
  // The rules of RFC 5952 §4 and §5 one by one.
  it.each([
    ["2001:0db8::0001", "2001:db8::1"],
    ["2001:db8:0:0:0:0:2:1", "2001:db8::2:1"],
    ["2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"],
    ["2001:0:0:1:0:0:0:1", "2001:0:0:1::1"],
    ["2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"],
    ["2001:DB8::AbCd", "2001:db8::abcd"],
    ["0:0:0:0:0:0:0:0", "::"],
    ["1::", "1::"],
    ["::1", "::1"],
    ["1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"],
    ["::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"],
    ["::ffff:192.0.2.1", "::ffff:192.0.2.1"],
    ["::ffff:c000:201", "::ffff:192.0.2.1"],
    ["64:ff9b::192.0.2.33", "64:ff9b::c000:221"],
  ])("%s is %s", (text, expected) => {
    expect(parseIpv6(text)).toBe(expected);
  });

  it.each([
    "",
    ":",
    ":::",
    "1",
    "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9",
    "1::2::3",
    "12345::",
    "g::",
    "::192.0.2",
    "::192.0.2.1:1",
    "192.0.2.1::",
    "::1%lo",
    "1:2:3:4:5:6:7:8::",
    ":1:2:3:4:5:6:7",
  ])("%j is refused", (text) => {
    expect(() => parseIpv6(text)).toThrow(/not an IPv6 address/);
  });

  it("round-trips through its octets", () => {
    fc.assert(
      fc.property(ipv6, (text) => {
        const address = parseIpv6(text);
        expect(parseIpv6(address)).toBe(address);
        expect(ipv6OfBytes(ipv6Bytes(address))).toBe(address);
        expect([...ipv6Bytes(address)]).toEqual([...ipv6Bytes(text)]);
      }),
    );
  });
});

describe("parseIpv4", () => {
  it("takes dotted quads", () => {
    fc.assert(fc.property(ipv4, (text) => [...ipv4Bytes(parseIpv4(text))].join(".") === text));
  });

  it.each(["", "1", "1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4", "1.2.3.4 ", "0x1.2.3.4", "1.2.3.-4", "1..2.3"])(
    "%j is refused",
    (text) => {
      expect(() => parseIpv4(text)).toThrow(/not an IPv4 address/);
    },
  );
});
