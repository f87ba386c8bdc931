import { describe, expect, it } from "vitest";
import { copyKind } from "./orphan-kind";

const stamp = (serial: number, digest = `d${serial}`) => ({ serial, digest, updatedAt: 0 });
const dnsOnly = { isDnsOnly: true, wasSent: false };
const webServer = { isDnsOnly: false, wasSent: false };
const sent = { isDnsOnly: false, wasSent: true };

describe("copyKind", () => {
  it.each<[string, Parameters<typeof copyKind>]>([
    ["null", [{ ...stamp(3), isDeleted: false }, stamp(2), dnsOnly]],
    ["unknown", [null, stamp(2), dnsOnly]],
    ["unknown", [null, {}, sent]],
    ["own", [null, stamp(2), webServer]],
    ["own", [{ ...stamp(3), isDeleted: true }, stamp(9), webServer]],
    ["deleted", [{ ...stamp(3), isDeleted: true }, stamp(3), sent]],
    ["deleted", [{ ...stamp(3), isDeleted: true }, {}, dnsOnly]],
    ["newer", [{ ...stamp(3), isDeleted: true }, stamp(4), sent]],
    // RFC 1982: the serial went round.
    ["newer", [{ ...stamp(4_294_967_295), isDeleted: true }, stamp(0), dnsOnly]],
  ])("%s", (expected, given) => {
    expect(String(copyKind(...given))).toBe(expected);
  });
});
