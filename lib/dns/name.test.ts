import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DnsSyntaxError } from "./errors";
import {
  absoluteName,
  compareNames,
  fromUserInput,
  isSubdomain,
  labelsOf,
  nameFromWire,
  nameToWire,
  parseName,
  relativeName,
  toUnicode,
} from "./name";
import { anyName, nameIn } from "./testing/arbitraries";

const code = (action: () => unknown): string => {
  try {
    action();
  } catch (error) {
    if (error instanceof DnsSyntaxError) return error.code;
    throw error;
  }
  return "accepted";
};

const label63 = "a".repeat(63);

describe("parseName", () => {
  it.each([
    ["www", "example.com.", "www.example.com."],
    ["www.example.net.", "example.com.", "www.example.net."],
    ["@", "example.com.", "example.com."],
    [".", "example.com.", "."],
    ["www", ".", "www."],
    ["WWW.Example.COM.", undefined, "www.example.com."],
    ["a\\.b", "example.com.", "a\\.b.example.com."],
    ["\\065\\000", "example.com.", "a\\000.example.com."],
    ["\\w\\@", "example.com.", "w\\@.example.com."],
    ["a!b\\[", "example.com.", "a\\033b\\091.example.com."],
    ["sp\\ ace", "example.com.", "sp\\032ace.example.com."],
    ["x\\\\.y", "example.com.", "x\\\\.y.example.com."],
    ["Grüße", "example.com.", "xn--gre-6ka8l.example.com."],
    ["bücher。example．com。", undefined, "xn--bcher-kva.example.com."],
    ["\\195\\188", "example.com.", "\\195\\188.example.com."],
    ["*", "example.com.", "*.example.com."],
    ["x", "a\\.b.", "x.a\\.b."],
    [`${label63}.`, undefined, `${label63}.`],
  ])("%s at %s is %s", (input, origin, expected) => {
    expect(parseName(input, origin)).toBe(expected);
  });

  it.each([
    ["", "name-empty"],
    ["a..b", "name-empty"],
    [".a", "name-empty"],
    ["..", "name-empty"],
    [`${label63}a`, "name-label-length"],
    ["a\\25", "name-escape"],
    ["a\\256", "name-escape"],
    ["a\\", "name-escape"],
    ["a b", "name-characters"],
    ["a\u0000", "name-characters"],
    ['a"', "name-characters"],
    ["\u200b\u202e", "name-idn"],
    ["ü\\.x", "name-idn"],
    ["ü".repeat(300), "name-label-length"],
    [`${`${label63}.`.repeat(3)}${"b".repeat(62)}.`, "name-length"],
    [`${`${label63}.`.repeat(3)}${"b".repeat(50)}`, "name-length"],
    [`${`${label63}.`.repeat(3)}${"\\001".repeat(62)}.`, "name-length"],
  ])("%j is refused: %s", (input, expected) => {
    expect(code(() => parseName(input, "example.com."))).toBe(expected);
  });

  it("needs an origin for a relative name", () => {
    expect(code(() => parseName("www"))).toBe("name-relative");
    expect(code(() => parseName("@"))).toBe("name-relative");
  });

  it("takes exactly 255 octets", () => {
    const longest = `${`${label63}.`.repeat(3)}${"b".repeat(61)}.`;
    expect(nameToWire(parseName(longest))).toHaveLength(255);
  });

  it("leaves canonical names as they are, and only those", () => {
    fc.assert(
      fc.property(anyName, (name) => {
        expect(parseName(name)).toBe(name);
        expect(parseName(name.toUpperCase().replaceAll("XN--", "xn--"))).toBe(name);
      }),
    );
  });

  it("throws nothing but DnsSyntaxError and gives nothing but canonical names", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 80 }), (input) => {
        if (code(() => parseName(input, "example.com.")) !== "accepted") return;
        const name = parseName(input, "example.com.");
        expect(parseName(name)).toBe(name);
        expect(name).toMatch(/^[\x21-\x7e]*\.$/);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("wire form", () => {
  it("round-trips", () => {
    fc.assert(
      fc.property(anyName, (name) => {
        const wire = nameToWire(name);
        expect(nameFromWire(wire, 0)).toEqual({ name, end: wire.length });
      }),
    );
  });

  const bytes = (...parts: (string | number)[]): Uint8Array =>
    Uint8Array.from(
      parts.flatMap((part) => (typeof part === "number" ? [part] : [...part].map((char) => char.charCodeAt(0)))),
    );

  it("follows compression pointers backwards", () => {
    const message = bytes(7, "example", 3, "COM", 0, 3, "www", 0xc0, 0);
    expect(nameFromWire(message, 13)).toEqual({ name: "www.example.com.", end: 19 });
  });

  it.each([
    ["a pointer to itself", bytes(0xc0, 0), 0],
    ["a pointer forwards", bytes(0xc0, 2, 0), 0],
    ["two pointers in a circle", bytes(1, "a", 0xc0, 0), 0],
    ["the end of the data", bytes(3, "ab"), 0],
    ["a missing root", bytes(1, "a"), 0],
    ["half a pointer", bytes(0, 0xc0), 1],
    ["a label of an unknown kind", bytes(0x40, 0), 0],
    ["an offset behind the end", bytes(0), 5],
  ])("refuses %s", (_, buf, offset) => {
    expect(code(() => nameFromWire(buf, offset))).toBe("rdata-wire");
  });

  it("refuses pointers where they are not allowed", () => {
    expect(code(() => nameFromWire(bytes(0, 1, "a", 0xc0, 0), 1, { compression: false }))).toBe("rdata-wire");
  });

  it("refuses a name over 255 octets that pointers put together", () => {
    const long = bytes(...Array.from({ length: 3 }, () => [63, label63]).flat(), 0, 63, label63, 0xc0, 0);
    expect(code(() => nameFromWire(long, 193))).toBe("rdata-wire");
  });
});

describe("fromUserInput", () => {
  it.each([
    ["example.com", "example.com."],
    [" Example.COM. ", "example.com."],
    ["bücher.example", "xn--bcher-kva.example."],
    ["xn--bcher-kva.example", "xn--bcher-kva.example."],
    ["faß.example", "xn--fa-hia.example."],
    ["例え.テスト", "xn--r8jz45g.xn--zckzah."],
    ["例え。テスト", "xn--r8jz45g.xn--zckzah."],
    ["_acme-challenge.example.com", "_acme-challenge.example.com."],
    ["2.0.192.in-addr.arpa", "2.0.192.in-addr.arpa."],
    ["0/25.2.0.192.in-addr.arpa", "0/25.2.0.192.in-addr.arpa."],
    ["localhost", "localhost."],
  ])("%s is %s", (input, expected) => {
    expect(fromUserInput(input)).toBe(expected);
  });

  it.each([
    ["", "name-empty"],
    ["  ", "name-empty"],
    ["a..example.com", "name-empty"],
    [".example.com", "name-empty"],
    [".", "name-empty"],
    ["https://example.com/", "name-is-url"],
    ["example.com/path", "name-is-url"],
    ["example.com?x", "name-is-url"],
    ["me@example.com", "name-characters"],
    ["192.0.2.1", "name-is-address"],
    ["2001:db8::1", "name-is-address"],
    ["[2001:db8::1]", "name-is-address"],
    ["example.com:53", "name-is-address"],
    ["1.2.3", "name-is-address"],
    ["*.example.com", "name-wildcard"],
    ["exam ple.com", "name-characters"],
    ["exa\\mple.com", "name-characters"],
    ["<b>.example", "name-characters"],
    ["-a.example.com", "name-characters"],
    ["a-.example.com", "name-characters"],
    ["\u200b.example", "name-idn"],
    ["xn--\u0661.example", "name-idn"],
    [`${"ü".repeat(63)}.example`, "name-label-length"],
    [`${"a.".repeat(127)}example`, "name-length"],
  ])("%j is refused: %s", (input, expected) => {
    expect(code(() => fromUserInput(input))).toBe(expected);
  });

  it("takes a wildcard where it is wanted, and only in front", () => {
    expect(fromUserInput("*.example.com", { wildcard: true })).toBe("*.example.com.");
    expect(code(() => fromUserInput("a.*.example.com", { wildcard: true }))).toBe("name-wildcard");
  });

  it("takes back what toUnicode shows", () => {
    for (const name of ["xn--bcher-kva.example.", "example.com.", "xn--r8jz45g.xn--zckzah."]) {
      expect(fromUserInput(toUnicode(name))).toBe(name);
    }
  });
});

describe("toUnicode", () => {
  it.each([
    ["example.com.", "example.com"],
    ["xn--bcher-kva.example.", "bücher.example"],
    ["xn--r8jz45g.xn--zckzah.", "例え.テスト"],
    [".", "."],
    ["xn--a.example.", "xn--a.example"],
    ["xn--.example.", "xn--.example"],
    ["xn--bcher-kva\\.x.example.", "xn--bcher-kva\\.x.example"],
    // A right-to-left override is no letter.
    ["xn--abc-bn4a.example.", "xn--abc-bn4a.example"],
    ["xn--99999999999.example.", "xn--99999999999.example"],
  ])("%s is shown as %s", (name, expected) => {
    expect(toUnicode(name)).toBe(expected);
  });

  it("never shows what does not lead back", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(..."abcdefghijklmnopqrstuvwxyz0123456789-"), maxLength: 20 }),
        (tail) => {
          const name = `xn--${tail}.`;
          const shown = toUnicode(name);
          if (shown !== name.slice(0, -1)) expect(fromUserInput(shown)).toBe(name);
        },
      ),
      { numRuns: 3_000 },
    );
  });
});

describe("isSubdomain", () => {
  it.each([
    ["example.com.", "example.com.", true],
    ["a.example.com.", "example.com.", true],
    ["notexample.com.", "example.com.", false],
    ["example.com.", "a.example.com.", false],
    ["a\\.example.com.", "example.com.", false],
    ["a\\\\.example.com.", "example.com.", true],
    ["anything.", ".", true],
    [".", ".", true],
    [".", "example.com.", false],
  ])("%s below %s: %s", (name, apex, expected) => {
    expect(isSubdomain(name, apex)).toBe(expected);
  });

  it("agrees with the labels", () => {
    fc.assert(
      fc.property(anyName, anyName, (name, apex) => {
        const [inner, outer] = [labelsOf(name), labelsOf(apex)];
        const below =
          outer.every((label, index) => inner.at(index - outer.length) === label) && inner.length >= outer.length;
        expect(isSubdomain(name, apex)).toBe(below);
      }),
    );
  });
});

describe("compareNames", () => {
  it("sorts the example of RFC 4034 §6.1", () => {
    const sorted = [
      "example.",
      "a.example.",
      "yljkjljk.a.example.",
      "z.a.example.",
      "zabc.a.example.",
      "z.example.",
      "\\001.z.example.",
      "*.z.example.",
      "\\200.z.example.",
    ];
    expect(sorted.toReversed().sort(compareNames)).toEqual(sorted);
  });

  it("is a total order with the root first", () => {
    fc.assert(
      fc.property(anyName, anyName, anyName, (a, b, c) => {
        expect(Math.sign(compareNames(a, b))).toBe(-Math.sign(compareNames(b, a)) + 0);
        expect(compareNames(a, b) === 0).toBe(a === b);
        if (compareNames(a, b) <= 0 && compareNames(b, c) <= 0) expect(compareNames(a, c)).toBeLessThanOrEqual(0);
        expect(compareNames(".", a)).toBeLessThanOrEqual(0);
      }),
    );
  });
});

describe("relativeName and absoluteName", () => {
  it.each([
    ["example.com.", "example.com.", "@"],
    ["www.example.com.", "example.com.", "www"],
    ["a.b.example.com.", "example.com.", "a.b"],
    ["example.net.", "example.com.", "example.net."],
    ["com.", ".", "com"],
    ["\\@.example.com.", "example.com.", "\\@"],
  ])("%s in %s is %s", (name, apex, expected) => {
    expect(relativeName(name, apex)).toBe(expected);
    expect(absoluteName(expected, apex)).toBe(name);
  });

  it("takes an empty text for the apex", () => {
    expect(absoluteName("", "example.com.")).toBe("example.com.");
  });

  it("are inverse", () => {
    fc.assert(
      fc.property(nameIn("example.com."), anyName, (inside, anywhere) => {
        for (const name of [inside, anywhere])
          expect(absoluteName(relativeName(name, "example.com."), "example.com.")).toBe(name);
      }),
    );
  });
});
