import { describe, expect, it } from "vitest";
import { problemsByZone, replyProblem } from "./reply-text";

describe("replyProblem", () => {
  it.each([
    "",
    "OK\n",
    "Zone example.com has been successfully added\n",
    "example.com => deleted from ns1.example.net.\n",
    "error-pages.example => deleted from ns1.example.net.",
    "failed.example.com => deleted from ns1.example.net.",
    "Bind reloading on ns1 using rndc zone: [example.com]",
    '{"metadata":{"result":1,"reason":"OK"}}',
  ])("takes %j for done", (text) => {
    expect(replyProblem(text)).toBeUndefined();
  });

  it.each([
    ["Error: disk full", /disk full/],
    ["synchronising…\nUnable to write the zone file\n", /Unable to write/],
    ["Sorry, this is not possible", /Sorry/],
    ["example.com => refused: no SOA", /no SOA/],
    ["example.com => Error: syntax", /syntax/],
    ["Failed to save example.com", /Failed to save/],
    ['{"metadata":{"result":0,"reason":"No space left"}}', /No space left/],
    ['{"cpanelresult":{"error":"Access denied"}}', /Access denied/],
    ['{"status":0,"statusmsg":"broken"}', /broken/],
    ['{"metadata":{"res', /damaged/],
  ])("finds the refusal in %j", (text, message) => {
    expect(replyProblem(text)).toMatchObject({ message: expect.stringMatching(message), isForeign: false });
  });

  it.each(["<!DOCTYPE html><title>Login</title>", "\n<html lang=en>"])("knows a web page: %j", (text) => {
    expect(replyProblem(text)).toMatchObject({ isForeign: true });
  });
});

describe("problemsByZone", () => {
  it("gives each refusal to the zone it names", () => {
    const text =
      "a.example.com => saved\nb.example.com => refused: no SOA\nError: cannot load b2.example.com.\nError: out of memory\n";
    const { zones, rest } = problemsByZone(text, ["a.example.com", "b.example.com", "b2.example.com", "example.com"]);
    expect([...zones.keys()]).toEqual(["b.example.com", "b2.example.com"]);
    expect(rest).toMatch(/out of memory/);
  });

  it("finds a name with its file suffix or a colon", () => {
    const { zones } = problemsByZone("Error: example.com.db: bad owner\nError: example.net: bad\n", [
      "example.com",
      "example.net",
    ]);
    expect([...zones.keys()]).toEqual(["example.com", "example.net"]);
  });
});
