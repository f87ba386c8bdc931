import { describe, expect, it } from "vitest";
import { CONTEST_REMEDY, contestSentence } from "./contest-words";

describe("contestSentence", () => {
  it.each([
    [["web1.example.com", "this server"], "Two servers write this zone: web1.example.com and this server."],
    [null, "Two servers write this zone."],
  ] as const)("%j", (writers, words) => {
    expect(contestSentence({ writers })).toBe(words);
  });
});

it("does not advise to delete a zone where that would delete it here", () => {
  const [before, after] = CONTEST_REMEDY.split("deleted there");
  expect(before).not.toMatch(/delete the zone/);
  expect(after).toMatch(/choose Standalone first/);
});
