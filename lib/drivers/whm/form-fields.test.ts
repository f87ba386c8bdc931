import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeFields, encodeFields, FormError } from "./form-fields";

const bytes = (text: string) => Buffer.from(text, "latin1");
const pairs = (text: string, plusIsSpace = false) =>
  decodeFields(bytes(text), { plusIsSpace }).map(({ name, value }) => [name, value]);

describe("decodeFields", () => {
  it.each<[string, string[][]]>([
    ["", []],
    ["&&", []],
    [
      "zone=example.com&dnsuniqid=abc",
      [
        ["zone", "example.com"],
        ["dnsuniqid", "abc"],
      ],
    ],
    [
      "zone=a&zone=b",
      [
        ["zone", "a"],
        ["zone", "b"],
      ],
    ],
    ["flag", [["flag", ""]]],
    ["=x", [["", "x"]]],
    ["a=b=c", [["a", "b=c"]]],
    ["%7aone=%65%78%41mple", [["zone", "exAmple"]]],
    ["a=%c3%bc", [["a", "ü"]]],
    ["a=\xc3\xbc", [["a", "ü"]]],
    ["a=1+2", [["a", "1+2"]]],
    ["cpdnszone-example%2ecom=%3b%20x%0A", [["cpdnszone-example.com", "; x\n"]]],
    ["a=%00", [["a", "\0"]]],
  ])("%j", (text, expected) => {
    expect(pairs(text)).toEqual(expected);
  });

  it.each([
    ["a=1+2", "1 2"],
    ["a=1%202+3", "1 2 3"],
    ["zonedata=x+3600+IN+A+192.0.2.1", "x 3600 IN A 192.0.2.1"],
    ["zonedata=x%20TXT%20a+b", "x TXT a+b"],
    ["cpdnszone-example.com=x%09TXT%09a+b", "x\tTXT\ta+b"],
    ["cpdnszone-example.com=x+TXT+a%2bb", "x TXT a+b"],
  ])("in a urlencoded form %s is %j", (text, expected) => {
    expect(pairs(text, true)[0]?.[1]).toBe(expected);
  });

  it("names what is wrong with a value and keeps the others", () => {
    const fields = decodeFields(bytes("a=%zz&b=%ff&c=fine"), { plusIsSpace: false });
    expect(fields.map(({ name, problem }) => [name, problem])).toEqual([
      ["a", expect.stringMatching(/two hexadecimal digits/)],
      ["b", expect.stringMatching(/not UTF-8/)],
      ["c", null],
    ]);
  });

  it("keeps octets of an older encoding in a zone text as \\DDD", () => {
    expect(pairs("cpdnszone-example.com=TXT%20%22caf%e9%22")[0]?.[1]).toBe('TXT "caf\\233"');
    expect(pairs("zonedata=%5c%e9+%5c%5c%e9+%5c%22")[0]?.[1]).toBe('\\233+\\\\\\233+\\"');
  });

  it.each(["%=1", "%ff=1", "%e0%80=1"])("refuses the name in %j", (text) => {
    expect(() => pairs(text)).toThrow(FormError);
  });

  it("refuses a form of endless fields", () => {
    expect(() => pairs("a&".repeat(250_001))).toThrow(/more than 250000 fields/);
  });

  it("reads back whatever it encodes", () => {
    const field = fc.tuple(fc.string({ unit: "grapheme", minLength: 1 }), fc.string({ unit: "grapheme" }));
    fc.assert(
      fc.property(fc.array(field), fc.boolean(), (fields, plusIsSpace) => {
        expect(pairs(Buffer.from(encodeFields(fields)).toString("latin1"), plusIsSpace)).toEqual(fields);
      }),
      { numRuns: 5_000 },
    );
  });

  it("takes any octets: a form, or a FormError", () => {
    const interesting = fc.constantFrom(...bytes("%&=+-0aFcpdnszone-zonedata=\\;\n"), 0, 0x7f, 0x80, 0xc3, 0xbc, 0xff);
    const octets = fc.uint8Array({ maxLength: 60 });
    const likely = fc.array(interesting, { maxLength: 60 }).map((list) => Uint8Array.from(list));
    fc.assert(
      fc.property(fc.oneof(likely, octets), fc.boolean(), (body, plusIsSpace) => {
        try {
          for (const { value, problem } of decodeFields(body, { plusIsSpace })) {
            if (problem !== null && value !== "") throw new Error("a field that failed has a value");
          }
        } catch (error) {
          if (!(error instanceof FormError)) throw error;
        }
      }),
      { numRuns: 100_000 },
    );
  });
});
