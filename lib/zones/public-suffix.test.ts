import { describe, expect, it } from "vitest";
import { isPublicSuffix, publicSuffixWords } from "./public-suffix";

describe("public suffixes", () => {
  it.each([
    ".",
    "com.",
    "example.",
    "not-in-any-list.",
    "co.uk.",
    "xn--55qx5d.cn.",
    // By a wildcard of the list.
    "anything.ck.",
    "arpa.",
    "in-addr.arpa.",
    "ip6.arpa.",
  ])("%s is one", (name) => expect(isPublicSuffix(name)).toBe(true));

  it.each([
    "alice.example.",
    "example.co.uk.",
    "a.b.example.com.",
    // An exception of the list.
    "www.ck.",
    "2.0.192.in-addr.arpa.",
    "0/25.2.0.192.in-addr.arpa.",
    "8.b.d.0.1.0.0.2.ip6.arpa.",
    "_tcp.example.com.",
    // Of the list's private part: one company's.
    "github.io.",
    "a\\.co.uk.",
  ])("%s is none", (name) => expect(isPublicSuffix(name)).toBe(false));

  it("is named as people read it", () =>
    expect(publicSuffixWords("xn--fiqs8s.")).toMatch(/^中国 is a public suffix: .* Only root can add it\.$/));
});
