import { describe, expect, it } from "vitest";
import { EXIT } from "./command";
import { run } from "./run";
import { printable, table } from "./table";

const env = { token: undefined, server: undefined, dataDir: "/nonexistent", port: "2087" };

async function said(...args: string[]) {
  const heard = { out: "", err: "" };
  const code = await run(args, env, {
    out(text) {
      heard.out += text;
    },
    err(text) {
      heard.err += text;
    },
  });
  return { code, ...heard };
}

describe("the command line, before it asks a server", () => {
  it.each<[string, string[], number, RegExp]>([
    ["nothing", [], EXIT.ok, /zonefleet zones list/],
    [
      "--help",
      ["--help"],
      EXIT.ok,
      /Exit codes:\n {2}0 {2}done.*\n {2}1 {2}.*\n {2}2 {2}.*\n {2}3 {2}.*\n {2}4 {2}no answer/,
    ],
    ["help of a group", ["sync", "--help"], EXIT.ok, /^ {2}zonefleet sync plan/],
    ["help of a command", ["receipts", "--help"], EXIT.ok, /^zonefleet receipts ZONE \[--seq CHANGE\]/],
    ["a group alone", ["tokens"], EXIT.usage, /zonefleet tokens create/],
    ["an unknown command", ["zones", "burn"], EXIT.usage, /zonefleet zones delete/],
    ["an unknown group", ["burn"], EXIT.usage, /There is no command “burn”/],
    ["an unknown option", ["zones", "list", "--burn"], EXIT.usage, /--burn/],
    ["a missing word", ["zones", "show"], EXIT.usage, /Usage: zonefleet zones show ZONE/],
    ["a word too many", ["members", "list", "now"], EXIT.usage, /Usage: zonefleet members list/],
    [
      "a file that is not there",
      ["zones", "import", "/nonexistent/a.example.db", "--token", "T"],
      EXIT.usage,
      /cannot be read/,
    ],
    [
      "one name for two files",
      ["zones", "import", "a", "b", "--zone", "a.example", "--token", "T"],
      EXIT.usage,
      /one file/,
    ],
    [
      "a wait that is none",
      ["receipts", "a.example", "--wait", "soon", "--token", "T"],
      EXIT.usage,
      /number of seconds/,
    ],
    [
      "a TTL that is none",
      ["records", "add", "a.example", "@", "A", "192.0.2.1", "--ttl", "1h", "--token", "T"],
      EXIT.usage,
      /--ttl/,
    ],
    [
      "a record without data",
      ["records", "add", "a.example", "@", "A"],
      EXIT.usage,
      /Usage: zonefleet records add ZONE NAME/,
    ],
    ["a change that is none", ["wait", "last", "--token", "T"], EXIT.usage, /A change is a number/],
    ["a time that is none", ["wait", "1", "--timeout", "soon", "--token", "T"], EXIT.usage, /--timeout/],
    ["an error as data", ["zones", "burn", "--json"], EXIT.usage, /^\{"error":\{"exitCode":2,/],
    ["no server", ["zones", "list", "--token", "T", "--server", "https://127.0.0.1:1"], EXIT.noServer, /./],
    ["no token", ["zones", "list"], EXIT.usage, /ZONEFLEET_TOKEN/],
    ["plain HTTP", ["zones", "list", "--token", "T", "--server", "http://ns1.example.net"], EXIT.usage, /https:/],
  ])("%s", async (_, args, code, words) => {
    const result = await said(...args);
    expect(result.code).toBe(code);
    expect(code === EXIT.ok ? result.out : result.err).toMatch(words);
  });
});

it("makes columns, and lets no answer steer the terminal", () => {
  expect(table(["A", "LONG"], [["1234", null]], "none")).toBe("A     LONG\n1234  -\n");
  expect(table(["A"], [], "none")).toBe("none\n");
  expect(printable("a\u001b[2Jb\nc")).toBe("a [2Jb c");
});
