import { expect, it } from "vitest";
import { clientAddress } from "./client-address";

it.each([
  ["an IPv4 address", { "x-zonefleet-client": "192.0.2.7" }, "192.0.2.7"],
  ["an IPv6 address", { "x-zonefleet-client": "2001:db8::7" }, "2001:db8::7"],
  ["no header", {}, ""],
  ["something else", { "x-zonefleet-client": "example.com" }, ""],
  ["what proxies say", { "x-forwarded-for": "192.0.2.7" }, ""],
])("reads the caller's address: %s", (_case, headers, address) => {
  expect(clientAddress(new Headers(headers))).toBe(address);
});
