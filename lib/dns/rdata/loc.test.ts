import { describe, expect, it } from "vitest";
import { parseRdata, rdataFromWire } from "./registry";

describe("LOC", () => {
  it.each([
    ["42 21 54 N 71 06 18 W -24m 30m", "42 21 54.000 N 71 6 18.000 W -24.00m 30.00m 10000.00m 10.00m"],
    ["42 n 71 w 0", "42 0 0.000 N 71 0 0.000 W 0.00m 1.00m 10000.00m 10.00m"],
    ["42 21 43.5 N 71 5 6.25 W 10", "42 21 43.500 N 71 5 6.250 W 10.00m 1.00m 10000.00m 10.00m"],
    ["90 S 180 E -100000 12 345 6789", "90 0 0.000 S 180 0 0.000 E -100000.00m 10.00m 300.00m 6000.00m"],
    [
      "0 0 0.001 S 0 0 0.001 W 42849672.95m 90000000m 0 0.05",
      "0 0 0.001 S 0 0 0.001 W 42849672.95m 90000000.00m 0.00m 0.05m",
    ],
  ])("%s", (text, expected) => {
    expect(parseRdata("LOC", text, ".")).toBe(expected);
  });

  it.each([
    "",
    "42",
    "42 N",
    "42 N 71 W",
    "91 N 71 W 0",
    "90 0 0.001 N 71 W 0",
    "42 60 N 71 W 0",
    "42 59 60 N 71 W 0",
    "42 N 181 W 0",
    "42 E 71 N 0",
    "42 N 71 W 0 1 1 1 1",
    "42 N 71 W 42849672.96m",
    "42 N 71 W -100000.01m",
    "42 N 71 W 0 90000000.01m",
    "42 N 71 W 0 -1m",
    "42 N 71 W 1km",
    "42.5 N 71 W 0",
    "42 1 2.0001 N 71 W 0",
    "1 2 3 4 N 71 W 0",
  ])("%j is refused", (text) => {
    expect(() => parseRdata("LOC", text, ".")).toThrow(/location|angles|no data/);
  });

  it.each([
    ["another version", "01 12 16 13 80000000 80000000 00989680"],
    ["a size that is no number", "00 A2 16 13 80000000 80000000 00989680"],
    ["a latitude off the globe", "00 12 16 13 00000000 80000000 00989680"],
    ["too few octets", "00 12 16 13 80000000 80000000 009896"],
  ])("refuses %s on the wire", (_, hex) => {
    const bytes = Uint8Array.from(Buffer.from(hex.replaceAll(" ", ""), "hex"));
    expect(() => rdataFromWire("LOC", bytes)).toThrow(/LOC|shorter/);
  });
});
