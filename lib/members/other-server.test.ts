import { expect, it } from "vitest";
import { isOtherServer } from "./other-server";

const member = { hostname: "192.0.2.5", address: "192.0.2.5", port: 2087, serverId: null };
const named = { hostname: "web1.example.com", port: 2087 };

it.each([
  ["a WHM that is called by its name now", member, named, { address: "192.0.2.5" }, false],
  ["a WHM at another address", member, named, { address: "192.0.2.6" }, true],
  ["a WHM at another port", member, { ...named, port: 2088 }, { address: "192.0.2.5" }, true],
  [
    "a Zonefleet server that moved",
    { ...member, serverId: "a" },
    named,
    { address: "192.0.2.6", serverId: "a" },
    false,
  ],
  [
    "another Zonefleet server at its address",
    { ...member, serverId: "a" },
    named,
    { address: "192.0.2.5", serverId: "b" },
    true,
  ],
  ["what did not change", member, { hostname: "192.0.2.5", port: 2087 }, null, false],
] as const)("%s", (_, before, form, found, isOther) => {
  const check = found && { address: found.address, status: "serverId" in found ? { serverId: found.serverId } : {} };
  expect(isOtherServer(before, form, check)).toBe(isOther);
});
