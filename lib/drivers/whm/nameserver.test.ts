import { describe, expect, it } from "vitest";
import { readNameserver } from "./nameserver";

const service = (state: object) => ({ service: [{ name: "named", enabled: 1, running: 1, ...state }] });

describe("what a server tells of its nameserver", () => {
  it.each([
    ["BIND", [{ bind: "9.9.4-29", powerdns: 0, mysql: "5.7" }, service({})], { software: "BIND 9.9.4-29", runs: true }],
    ["PowerDNS", [{ bind: 0, powerdns: "4.4.1" }, service({})], { software: "PowerDNS 4.4.1", runs: true }],
    ["two", [{ bind: "9", powerdns: "4" }, service({})], { software: "BIND 9 or PowerDNS 4", runs: true }],
    ["ours", [{ "Knot DNS": "3.2.6" }, service({})], { software: "Knot DNS 3.2.6", runs: true }],
    ["a stopped one", [{ bind: "9" }, service({ running: 0 })], { software: "BIND 9", runs: false }],
    ["numbers as text", [{ bind: "9" }, service({ enabled: "1", running: "0" })], { software: "BIND 9", runs: false }],
    [
      "none that is meant to run",
      [{ bind: "9" }, service({ enabled: 0, running: 0 })],
      { software: "Disabled", runs: null },
    ],
    ["unknown software", [{ cpanel_and_whm: "11" }, service({})], { software: "", runs: true }],
    ["no versions", [undefined, service({ running: 0 })], { software: "", runs: false }],
    ["no service", [{ bind: "9" }, undefined], { software: "BIND 9", runs: null }],
    [
      "other services",
      [{ bind: "9" }, { service: [{ name: "exim", enabled: 1, running: 1 }] }],
      { software: "BIND 9", runs: null },
    ],
    ["nothing", [undefined, undefined], undefined],
    ["something else", [["bind"], { service: "named" }], undefined],
  ])("%s", (_, answers, said) => {
    expect(readNameserver(answers)).toEqual(said);
  });
});
