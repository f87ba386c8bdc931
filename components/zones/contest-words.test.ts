import { describe, expect, it } from "vitest";
import { contestSentence } from "./contest-words";

describe("contestSentence", () => {
  it.each([
    [["web1.example.com", "this server"], "Two servers write this zone: web1.example.com and this server."],
    [null, "Two servers write this zone."],
  ] as const)("%j", (writers, words) => {
    expect(contestSentence({ writers })).toBe(words);
  });
});
