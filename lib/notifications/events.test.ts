import { expect, it } from "vitest";
import { beginOf, isNoticeEvent, noticeFacts, topicOf } from "./events";

it("puts an end to the begin that it belongs to", () => {
  expect(beginOf("nameserver-back")).toBe("nameserver-down");
  expect(beginOf("nameserver-down")).toBeUndefined();
  expect([topicOf("nameserver-back"), topicOf("nameserver-down")]).toEqual(["nameserver-down", "nameserver-down"]);
});

it("knows its own events only", () => {
  expect(["trust-broken", "toString", "party"].map(isNoticeEvent)).toEqual([true, false, false]);
});

it.each([
  ["ns1.example.net\r\nBcc: everybody@example.org", "ns1.example.net Bcc: everybody@example.org"],
  ["a\u0000b\u0085c\u2028d\u200be", "a b c d e"],
  [`${"x".repeat(300)}`, `${"x".repeat(254)}…`],
])("takes the words of another side as one line: %j", (member, cleaned) => {
  expect(noticeFacts("trust-mended", { member })).toEqual({ member: cleaned });
});

it("refuses facts of another event", () => {
  expect(() => noticeFacts("token-expiring", { member: "ns1.example.net" })).toThrow();
});
