import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DnsSyntaxError } from "./errors";
import { escapeOctets, isSafeQuoted, quoteOctets, unescapeOctets } from "./octets";

describe("unescapeOctets", () => {
  it.each([
    ["plain", [112, 108, 97, 105, 110]],
    ["\\065\\000\\255", [65, 0, 255]],
    ['\\"\\\\\\;', [34, 92, 59]],
    ["ü", [195, 188]],
    ["\\ü".slice(1), [195, 188]],
    ["😀\\010", [240, 159, 152, 128, 10]],
    ["", []],
  ])("%j", (text, expected) => {
    expect([...unescapeOctets(text)]).toEqual(expected);
  });

  it.each(["\\", "\\25", "\\256", "\\2x5", "a\\\u0001", "\\ü"])("%j is refused", (text) => {
    expect(() => unescapeOctets(text)).toThrow(DnsSyntaxError);
  });

  it("bounds the length", () => {
    expect(unescapeOctets("\\000".repeat(10), 10)).toHaveLength(10);
    expect(() => unescapeOctets("a".repeat(11), 10)).toThrow(/10 octets are allowed/);
    expect(() => unescapeOctets("\\000".repeat(11), 10)).toThrow(/10 octets are allowed/);
  });
});

describe("quoteOctets and escapeOctets", () => {
  it("have one spelling for every value, in printable ASCII, and lead back", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (octets) => {
        const quoted = quoteOctets(octets);
        expect(quoted).toMatch(/^"[\x20-\x7e]*"$/);
        expect(unescapeOctets(quoted.slice(1, -1))).toEqual(octets);
        expect(escapeOctets(octets)).toMatch(/^[\x21-\x7e]*$/);
        expect(unescapeOctets(escapeOctets(octets))).toEqual(octets);
      }),
    );
  });

  it("knows the text that needs no work", () => {
    expect(isSafeQuoted("v=spf1 mx; -all")).toBe(true);
    for (const text of ['"', "\\", "ü", "\t", "\u007f"]) expect(isSafeQuoted(text)).toBe(false);
  });
});
