import { describe, expect, it } from "vitest";
import { hexOf } from "./encodings";
import { parseRdata, rdataToWire } from "./registry";

const svcb = (text: string): string => parseRdata("SVCB", text, "example.org.");

describe("service bindings", () => {
  // The test vectors of RFC 9460 appendix D, with their wire form where it shows an escape.
  it.each([
    ["0 foo.example.com.", "0 foo.example.com."],
    ["1 .", "1 ."],
    ["16 foo.example.com. port=53", "16 foo.example.com. port=53"],
    ["1 foo.example.com. key667=hello", "1 foo.example.com. key667=hello"],
    ['1 foo.example.com. key667="hello\\210qoo"', "1 foo.example.com. key667=hello\\210qoo"],
    [
      '1 foo.example.com. ( ipv6hint="2001:db8::1,2001:db8::53:1" )',
      "1 foo.example.com. ipv6hint=2001:db8::1,2001:db8::53:1",
    ],
    [
      '1 example.com. ( ipv6hint="2001:db8:122:344::192.0.2.33" )',
      "1 example.com. ipv6hint=2001:db8:122:344::c000:221",
    ],
    [
      "16 foo ( alpn=h2,h3-19 mandatory=ipv4hint,alpn ipv4hint=192.0.2.1 )",
      "16 foo.example.org. mandatory=alpn,ipv4hint alpn=h2,h3-19 ipv4hint=192.0.2.1",
    ],
    ['16 foo alpn="f\\\\\\\\oo\\\\,bar,h2"', "16 foo.example.org. alpn=f\\\\\\\\oo\\\\,bar,h2"],
    ["16 foo alpn=f\\\\\\092oo\\092,bar,h2", "16 foo.example.org. alpn=f\\\\\\\\oo\\\\,bar,h2"],
    ['1 . dohpath="/q{?dns}"', "1 . key7=/q{?dns}"],
    ["1 . KEY7=/q{?x,dns}", "1 . key7=/q{?x,dns}"],
    ["1 . key1=\\002h2 key3=\\000\\053", "1 . alpn=h2 port=53"],
    ["1 . no-default-alpn alpn=h2", "1 . alpn=h2 no-default-alpn"],
    ["1 . ech=AEj+DQ==", "1 . ech=AEj+DQ=="],
    ['1 . ohttp key667 key668= key669=""', "1 . key8 key667 key668 key669"],
    ['1 . key667="a b;\\""', '1 . key667=a\\032b\\;\\"'],
    ["1 . mandatory=key667 key667", "1 . mandatory=key667 key667"],
  ])("%s", (text, expected) => {
    expect(svcb(text)).toBe(expected);
  });

  it("encodes the escapes of RFC 9460 figure 10", () => {
    const wire = hexOf(rdataToWire("SVCB", svcb('16 foo alpn="f\\\\\\\\oo\\\\,bar,h2"')));
    expect(wire).toBe("001003666F6F076578616D706C65036F72670000 01000C08665C6F6F2C626172026832".replace(" ", ""));
  });

  it.each([
    ["", "no data"],
    ["1", "priority and a target"],
    ["x .", "not a priority"],
    ["65536 .", "not a priority"],
    ["1 . key123=abc key123=def", "twice"],
    ["1 . alpn=h2 key1=\\002h3", "twice"],
    ["1 . mandatory", "empty or broken"],
    ["1 . alpn", "needs a value"],
    ["1 . alpn=", "empty"],
    ["1 . alpn=h2,", "empty"],
    ["1 . alpn=h2\\\\", "backslash"],
    ["1 . port", "empty or broken"],
    ["1 . port=", "not a port"],
    ["1 . port=65536", "not a port"],
    ["1 . ipv4hint", "empty or broken"],
    ["1 . ipv4hint=192.0.2", "not an IPv4 address"],
    ["1 . ipv6hint=::x", "not an IPv6 address"],
    ["1 . ech", "needs a value"],
    ["1 . ech=x", "not Base64"],
    ["1 . no-default-alpn=abc alpn=h2", "takes no value"],
    ["1 . no-default-alpn", "needs an alpn"],
    ["1 . mandatory=key123", "does not have"],
    ["1 . mandatory=mandatory", "list itself"],
    ["1 . mandatory=key123,key123 key123=abc", "twice"],
    ["1 . dohpath=/q", "path with the variable dns"],
    ["1 . dohpath=q{?dns}", "path with the variable dns"],
    ["1 . key65535=x", "not a service parameter"],
    ["1 . key01=x", "not a service parameter"],
    ["1 . nosuch=x", "not a service parameter"],
    ["1 . =x", "not a service parameter"],
    ['1 . "alpn=h2"', "not a service parameter"],
    ['1 . alpn"h2"', "not a service parameter"],
    ['1 . alpn="h2"h3', "not a service parameter"],
    [`1 . key667=${"x".repeat(70_000)}`, "65535"],
    [`1 . key667=${"x".repeat(65_535)}`, "65535"],
    [`1 . dohpath=/${"{?".repeat(30_000)}`, "path with the variable dns"],
  ])("%s is refused", (text, message) => {
    expect(() => svcb(text)).toThrow(message);
  });
});
