import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatMemberHost, MemberHostError, parseMemberHost } from "./member-host";

describe("parseMemberHost", () => {
  it.each([
    ["ns1.example.com", "ns1.example.com", 2087],
    ["  NS1.Example.COM. ", "ns1.example.com", 2087],
    ["ns1.example.com:3087", "ns1.example.com", 3087],
    ["bücher.example", "xn--bcher-kva.example", 2087],
    ["localhost", "localhost", 2087],
    ["192.0.2.1", "192.0.2.1", 2087],
    ["192.0.2.1:443", "192.0.2.1", 443],
    ["2001:DB8:0::1", "2001:db8::1", 2087],
    ["[2001:db8::1]", "2001:db8::1", 2087],
    ["[2001:db8::1]:8443", "2001:db8::1", 8443],
  ])("reads %s", (text, hostname, port) => {
    expect(parseMemberHost(text, 2087)).toEqual({ hostname, port });
  });

  it.each([
    ["", /Enter the hostname/],
    ["https://ns1.example.com", /without https/],
    ["ns1.example.com/cgi", /without https/],
    ["root@ns1.example.com", /without https/],
    ["ns1.example.com:0", /1 to 65535/],
    ["ns1.example.com:70000", /1 to 65535/],
    ["ns1.example.com:", /1 to 65535/],
    ["192.0.2", /complete IPv4/],
    ["127.1", /complete IPv4/],
    ["0x7f.0.0.1", /not a hostname|complete/],
    ["ns_1.example.com", /not a hostname/],
    ["-ns1.example.com", /not a hostname/],
    ["ns1..example.com", /not a hostname/],
    ["ns1 example.com", /not a hostname/],
    [`${"a".repeat(64)}.example`, /not a hostname/],
    ["2001:db8::1:2087:x", /IPv6/],
    ["[192.0.2.1]:1", /IPv6/],
    ["[fe80::1%eth0]", /zone index/],
  ])("refuses %j", (text, message) => {
    expect(() => parseMemberHost(text, 2087)).toThrow(MemberHostError);
    expect(() => parseMemberHost(text, 2087)).toThrow(message);
  });

  it("reads back what it formats", () => {
    const host = fc.oneof(fc.domain(), fc.ipV4(), fc.ipV6());
    fc.assert(
      fc.property(host, fc.integer({ min: 1, max: 65_535 }), (text, port) => {
        const parsed = { ...parseMemberHost(text, 2087), port };
        expect(parseMemberHost(formatMemberHost(parsed, 2087), 2087)).toEqual(parsed);
      }),
      { numRuns: 500 },
    );
  });

  it("gives any text back as a host or as an error of its own", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        try {
          parseMemberHost(text, 2087);
        } catch (error) {
          expect(error).toBeInstanceOf(MemberHostError);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
