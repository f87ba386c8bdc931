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
