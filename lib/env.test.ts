import { describe, expect, it } from "vitest";
import { readEnv } from "./env";

describe("readEnv, hosted services", () => {
  it("knows where they are", () => {
    expect(readEnv({}).services).toEqual({
      softlayer: { hostname: "api.softlayer.com", port: 443, nameservers: ["ns1.softlayer.com", "ns2.softlayer.com"] },
      vpsnet: { hostname: "api.vps.net", port: 443, nameservers: [] },
    });
  });

  it("takes another place, and no nameservers", () => {
    const { softlayer } = readEnv({
      ZONEFLEET_SOFTLAYER_API: "https://[::1]:8443",
      ZONEFLEET_SOFTLAYER_NAMESERVERS: "none",
    }).services;
    expect(softlayer).toEqual({ hostname: "::1", port: 8443, nameservers: [] });
  });

  it.each([
    "http://api.example.com",
    "https://api.example.com/rest",
    "https://user@api.example.com",
    "api.example.com",
  ])("refuses %s", (address) => {
    expect(() => readEnv({ ZONEFLEET_VPSNET_API: address })).toThrow(/ZONEFLEET_VPSNET_API/);
  });
});

describe("readEnv, a server that can be told to die", () => {
  const ZONEFLEET_FAULT_POINT_FILE = "/tmp/point";

  it.each(["127.0.0.2", "::1"])("may listen on %s", (address) => {
    const { faultPointFile } = readEnv({ ZONEFLEET_FAULT_POINT_FILE, ZONEFLEET_LISTEN: address });
    expect(faultPointFile).toBe(ZONEFLEET_FAULT_POINT_FILE);
  });

  it.each([undefined, "0.0.0.0", "192.0.2.127", "::"])("may not listen on %s", (address) => {
    const variables = { ZONEFLEET_FAULT_POINT_FILE, ZONEFLEET_LISTEN: address };
    expect(() => readEnv(variables)).toThrow(/ZONEFLEET_FAULT_POINT_FILE: is for tests/);
  });
});
