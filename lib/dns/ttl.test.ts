import { describe, expect, it } from "vitest";
import { DnsSyntaxError } from "./errors";
import { parseDuration, parseTtl } from "./ttl";

describe("parseDuration", () => {
  it.each([
    ["0", 0],
    ["3600", 3600],
    ["1h", 3600],
    ["1w2d3h4m5s", 788_645],
    ["1W2D", 777_600],
    ["2h30M", 9_000],
    ["5s", 5],
    ["", undefined],
    ["h", undefined],
    ["1h5", undefined],
    ["1x", undefined],
    ["-1", undefined],
    ["1.5h", undefined],
    [" 1", undefined],
  ])("%j is %s", (text, expected) => {
    expect(parseDuration(text)).toBe(expected);
  });
});

describe("parseTtl", () => {
  it.each(["2147483647", "0", "1h"])("%s is taken", (text) => {
    expect(parseTtl(text)).toBe(parseDuration(text));
  });

  it.each(["2147483648", "99999999999999999999", "4000w", "1y"])("%s is refused", (text) => {
    expect(() => parseTtl(text)).toThrow(DnsSyntaxError);
  });
});
