import { describe, expect, it } from "vitest";
import { wireName, zoneNameOf } from "./protocol";

describe("zoneNameOf", () => {
  it.each<[string, string | undefined]>([
    ["example.com", "example.com."],
    ["EXAMPLE.com.", "example.com."],
    ["example.com.db", "example.com."],
    [" example.com\r", "example.com."],
    ["bücher.example", "xn--bcher-kva.example."],
    ["2.0.192.in-addr.arpa", "2.0.192.in-addr.arpa."],
    ["_tcp.example.com", "_tcp.example.com."],
    ["", undefined],
    [".", undefined],
    [".example.com", undefined],
    ["..", undefined],
    ["example..com", undefined],
    ["../etc/passwd", undefined],
    ["a b", undefined],
    ["x".repeat(64), undefined],
    ["<html>", "\\060html\\062."],
  ])("%j → %j", (text, expected) => {
    expect(zoneNameOf(text)).toBe(expected);
  });

  it("reads back what is written", () => {
    for (const name of ["example.com.", "0/25.2.0.192.in-addr.arpa.", "a\\.b.example."])
      expect(zoneNameOf(wireName(name))).toBe(name);
  });
});
