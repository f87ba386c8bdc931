import { describe, expect, it } from "vitest";
import { containsPattern, searchTerm } from "./queries-search";

describe("searchTerm", () => {
  it.each([
    ["  Example.COM ", { name: "example.com", contents: ["example.com"] }],
    ["example.com.", { name: "example.com", contents: ["example.com."] }],
    [".", { name: ".", contents: [] }],
    ["ns", { name: "ns", contents: [] }],
    [
      "bücher.example",
      { name: "xn--bcher-kva.example", contents: ["xn--bcher-kva.example", "b\\195\\188cher.example"] },
    ],
    ["grüß gott", { name: "grüß gott", contents: ["grüß gott", "gr\\195\\188\\195\\159 gott"] }],
  ])("spells %j as it may be stored", (input, expected) => {
    expect(searchTerm(input)).toEqual(expected);
  });

  it.each(["", "   ", "\t"])("finds nothing to look for in %j", (input) => {
    expect(searchTerm(input)).toBeNull();
  });

  it("cuts what no record can hold", () => {
    expect(searchTerm("a".repeat(100_000))?.name).toHaveLength(300);
  });
});

describe("containsPattern", () => {
  it.each([
    ["mail", "%mail%"],
    ["100%_\\", "%100\\%\\_\\\\%"],
  ])("takes %j literally", (text, pattern) => {
    expect(containsPattern(text)).toBe(pattern);
  });
});
