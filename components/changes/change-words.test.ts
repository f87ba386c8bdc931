import { describe, expect, it } from "vitest";
import { changeTitle } from "./change-words";

const replace = { type: "MX", from: "mail.example.net.", to: "mx.example.net.", ttl: null } as const;

describe("what a change set is called", () => {
  it.each([
    [{ kind: "import", replace: null }, "Imported zone files"],
    [{ kind: "replace", replace }, "MX mail.example.net → mx.example.net"],
    [{ kind: "replace", replace: { ...replace, ttl: 60 } }, "MX mail.example.net → mx.example.net, TTL 60"],
    [{ kind: "replace", replace: { ...replace, to: replace.from, ttl: 60 } }, "New TTL 60 for MX mail.example.net"],
    [{ kind: "undo", replace: null, undoOf: null }, "Undid a change set"],
    [
      { kind: "undo", replace: null, undoOf: { id: 1, kind: "replace", replace } },
      "Undid: MX mail.example.net → mx.example.net",
    ],
  ] as const)("%j", (set, expected) => {
    expect(changeTitle(set)).toBe(expected);
  });
});
