import { describe, expect, it } from "vitest";
import { DnsSyntaxError } from "./errors";
import { generateTemplate, parseRange, substitute } from "./generate";
import { tokenize } from "./tokenizer";

describe("parseRange", () => {
  it.each([
    ["1-3", { start: 1, stop: 3, step: 1, count: 3 }],
    ["0-10/4", { start: 0, stop: 10, step: 4, count: 3 }],
    ["7-7", { start: 7, stop: 7, step: 1, count: 1 }],
    ["0-2147483647", { start: 0, stop: 2_147_483_647, step: 1, count: 2_147_483_648 }],
  ])("%s", (text, expected) => {
    expect(parseRange(text)).toEqual(expected);
  });

  it.each(["", "1", "3-1", "1-3/0", "-1-3", "1-2147483648", "1-99999999999", "a-b", "1-3/", "1-3/x"])(
    "%j is refused",
    (text) => {
      expect(() => parseRange(text)).toThrow(DnsSyntaxError);
    },
  );
});

/** `#` stands for `$`, which the linter takes for a placeholder. */
const dollars = (text: string): string => text.replaceAll("#", "$");

describe("substitute", () => {
  it.each([
    ["host#", 7, "host7"],
    ["#.#", 7, "7.7"],
    ["a##b", 7, "a\\#b"],
    ["a\\#b", 7, "a\\#b"],
    ["\\\\#", 7, "\\\\7"],
    ["#{0}", 7, "7"],
    ["#{10}", 7, "17"],
    ["#{-7}", 7, "0"],
    ["#{0,3}", 7, "007"],
    ["#{0,3,d}", 1234, "1234"],
    ["#{0,0,o}", 8, "10"],
    ["#{0,4,x}", 254, "00fe"],
    ["#{0,4,X}", 254, "00FE"],
    ["#{0,1,n}", 10, "a"],
    ["#{0,3,n}", 10, "a.0"],
    ["#{0,4,n}", 10, "a.0."],
    ["#{0,0,n}", 0x1ab, "b.a.1"],
    ["#{0,3,N}", 10, "A.0"],
    ["plain", 7, "plain"],
  ])("%s of %i is %s", (template, value, expected) => {
    expect(substitute(dollars(template), value)).toBe(dollars(expected));
  });

  it.each(["#{", "#{}", "#{a}", "#{0,1,z}", "#{0,999}", "#{-8}", "#{2147483647}", "#{0,,d}"])(
    "%s is refused",
    (template) => {
      expect(() => substitute(dollars(template), 7)).toThrow(DnsSyntaxError);
    },
  );

  it("does not spend quadratic time on open braces", () => {
    expect(() => substitute(dollars("#{".repeat(500_000)), 1)).toThrow(DnsSyntaxError);
  });
});

describe("generateTemplate", () => {
  it.each([
    ["a b", "a b"],
    ['"10 mail"', "10 mail"],
    [String.raw`"\"a\" \\"`, String.raw`"a" \\`],
    ['"a" b', '"a" b'],
  ])("%s is %s", (text, expected) => {
    expect(generateTemplate(tokenize(text))).toBe(expected);
  });
});
