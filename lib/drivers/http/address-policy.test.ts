import { describe, expect, it } from "vitest";
import { addressSet } from "@/lib/net/address-set";
import { refusedAddress } from "./address-policy";

const nothing = addressSet([]);

describe("refusedAddress", () => {
  it.each([
    ["127.0.0.1", /loopback/],
    ["127.255.0.9", /loopback/],
    ["::1", /loopback/],
    ["::ffff:127.0.0.1", /loopback/],
    ["0.0.0.0", /unspecified/],
    ["::", /unspecified/],
    ["169.254.1.1", /link-local/],
    ["fe80::1", /link-local/],
    ["169.254.169.254", /metadata/],
    ["::ffff:a9fe:a9fe", /metadata/],
    ["fd00:ec2::254", /metadata/],
    ["100.100.100.200", /metadata/],
    ["224.0.0.1", /multicast/],
    ["ff02::1", /multicast/],
    ["255.255.255.255", /reserved/],
    ["::7f00:1", /reserved/],
    ["64:ff9b::7f00:1", /loopback/],
    ["64:ff9b::a9fe:a9fe", /metadata/],
    ["2002:7f00:1::1", /loopback/],
    ["ns1.example.com", /not a numeric/],
  ])("refuses %s", (address, what) => {
    expect(refusedAddress(address, nothing)).toMatch(what);
  });

  it.each([
    "192.0.2.1",
    "10.0.0.1",
    "172.16.3.4",
    "192.168.1.1",
    "100.64.0.1",
    "2001:db8::1",
    "fd12::1",
    "64:ff9b::c000:201",
  ])("takes %s", (address) => {
    expect(refusedAddress(address, nothing)).toBeUndefined();
  });

  it("takes what the administrator allows, and only that", () => {
    const allowed = addressSet(["127.0.0.2/32", "::1"]);
    expect(refusedAddress("127.0.0.2", allowed)).toBeUndefined();
    expect(refusedAddress("::ffff:127.0.0.2", allowed)).toBeUndefined();
    expect(refusedAddress("::1", allowed)).toBeUndefined();
    expect(refusedAddress("127.0.0.1", allowed)).toMatch(/loopback/);
  });
});
