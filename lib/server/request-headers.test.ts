import { describe, expect, it } from "vitest";
import { addressSet } from "@/lib/net/address-set";
import { CLIENT_HEADER, FORWARDED_HEADER } from "@/lib/net/client-header";
import { settleHeaders } from "./request-headers";

const trustedProxies = addressSet(["192.0.2.0/24", "2001:db8::1"]);

function settle(remoteAddress: string, headers: Record<string, string>, isEncrypted = true) {
  const copy: Record<string, string | string[] | undefined> = { ...headers };
  settleHeaders(copy, { remoteAddress, isEncrypted, trustedProxies });
  return copy;
}

describe("settleHeaders", () => {
  it.each([
    ["a direct caller", "198.51.100.7", {}, "198.51.100.7"],
    ["an IPv4-mapped caller", "::ffff:198.51.100.7", {}, "198.51.100.7"],
    ["a caller that writes the header itself", "198.51.100.7", { [CLIENT_HEADER]: "127.0.0.1" }, "198.51.100.7"],
    ["an untrusted X-Forwarded-For", "198.51.100.7", { "x-forwarded-for": "127.0.0.1" }, "198.51.100.7"],
    ["a trusted proxy", "192.0.2.1", { "x-forwarded-for": "203.0.113.9" }, "203.0.113.9"],
    ["a made-up start of the chain", "192.0.2.1", { "x-forwarded-for": "127.0.0.1, 203.0.113.9" }, "203.0.113.9"],
    ["two proxies", "192.0.2.1", { "x-forwarded-for": "203.0.113.9, 192.0.2.44" }, "203.0.113.9"],
    ["an IPv6 proxy", "2001:db8::1", { "x-forwarded-for": "2001:db8:ffff::5" }, "2001:db8:ffff::5"],
    ["a proxy that says nothing", "192.0.2.1", {}, "192.0.2.1"],
  ] as const)("finds the caller: %s", (_case, remote, headers, expected) => {
    expect(settle(remote, headers)[CLIENT_HEADER]).toBe(expected);
  });

  it("believes host and scheme of a trusted proxy only", () => {
    const said = { "x-forwarded-host": "panel.example.com", "x-forwarded-proto": "https", forwarded: "for=x" };
    expect(settle("192.0.2.1", said, false)).toMatchObject(said);
    const direct = settle("198.51.100.7", said, false);
    expect(direct["x-forwarded-host"]).toBeUndefined();
    expect(direct.forwarded).toBeUndefined();
    expect(direct["x-forwarded-proto"]).toBe("http");
  });

  it.each([
    ["a proxy on this machine that is not named", "127.0.0.1", { "x-forwarded-for": "203.0.113.9" }, "1"],
    ["one that uses RFC 7239", "::1", { forwarded: "for=203.0.113.9" }, "1"],
    ["one elsewhere", "198.51.100.7", { "x-forwarded-for": "203.0.113.9" }, "1"],
    ["a named proxy", "192.0.2.1", { "x-forwarded-for": "203.0.113.9" }, undefined],
    ["a direct caller", "127.0.0.1", {}, undefined],
    ["a caller that writes the note itself", "127.0.0.1", { [FORWARDED_HEADER]: "1" }, undefined],
  ] as const)("notes that nobody knows who called: %s", (_case, remote, headers, expected) => {
    expect(settle(remote, headers)[FORWARDED_HEADER]).toBe(expected);
  });

  it("takes no scheme but http and https", () => {
    expect(settle("192.0.2.1", { "x-forwarded-proto": "javascript" })["x-forwarded-proto"]).toBe("https");
  });
});
