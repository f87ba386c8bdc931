import { describe, expect, it } from "vitest";
import { formatStamp, parseStamp } from "./zone-stamp";

describe("parseStamp", () => {
  it.each([
    [
      "; cPanel first:11.25.0-STABLE_36159 (update_time):1268861937 11.58.0.9 Cpanel::ZoneFile::VERSION:1.3 hostname:host.example.com latest:11.58.0.9\n$TTL 1\n",
      { updatedAt: 1_268_861_937_000, hostname: "host.example.com" },
    ],
    ["; (update_time):5", { updatedAt: 5_000 }],
    ["; update_time:5 hostname:a", { updatedAt: 5_000, hostname: "a" }],
    ["; other comment\r\n; cPanel (update_time):5\r\n", { updatedAt: 5_000 }],
    ["; cPanel first:1", null],
    ["; (update_time):soon", null],
    ["; (update_time):999999999999", null],
    ["; (update_time):9999999999999999", null],
    ["$TTL 1\n; (update_time):5", null],
    ["", null],
  ])("%j", (text, expected) => {
    expect(parseStamp(text)).toEqual(expected);
  });
});

describe("formatStamp", () => {
  it("is read back, in whole seconds", () => {
    const line = formatStamp({ updatedAt: 1_700_000_000_999, hostname: "ns1.example.com", version: "0.1.0" });
    expect(line).toBe("; cPanel first:0.1.0 (update_time):1700000000 hostname:ns1.example.com latest:0.1.0");
    expect(parseStamp(`${line}\n`)).toEqual({ updatedAt: 1_700_000_000_000, hostname: "ns1.example.com" });
  });

  it("stays one line whatever it is given", () => {
    expect(formatStamp({ updatedAt: -1, hostname: "a\nb c", version: "" })).toBe(
      "; cPanel first:unknown (update_time):0 hostname:abc latest:unknown",
    );
  });
});
