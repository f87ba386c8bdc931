import { describe, expect, it } from "vitest";
import { parsePathLines } from "./paths";

const links = (text: string) =>
  parsePathLines(text).flatMap(({ hostname, members }) => members.map((member) => `${hostname}>${member.hostname}`));

describe("parsePathLines", () => {
  it.each([
    ["", []],
    ["ns1.example.com ns2.example.com\n", ["ns1.example.com>ns2.example.com"]],
    ["A.example b.example\r\na.example 192.0.2.3\r\n", ["a.example>b.example", "a.example>192.0.2.3"]],
    ["a.example b.example\nb.example 2001:db8::1\n", ["a.example>b.example", "b.example>2001:db8::1"]],
    ["a.example\nOne two three\n<b> c.example\n", []],
  ])("reads %j", (text, expected) => {
    expect(links(text)).toEqual(expected);
  });

  it("says that roles are not told", () => {
    expect(parsePathLines("a.example b.example")[0]?.members[0]).toMatchObject({ role: null, acceptedMs: null });
  });
});
