import { describe, expect, it } from "vitest";
import { contestedSince, isContested, type Meeting } from "./contest";

const newer = { isNewerSerial: true, isSameSerial: false };
const same = { isNewerSerial: false, isSameSerial: true };
const older = { isNewerSerial: false, isSameSerial: false };
const looking = { isPeer: true, isBlind: false };
const blind = { isPeer: true, isBlind: true };
const whm = { isPeer: false, isBlind: false };

describe("isContested", () => {
  it.each<[string, Partial<Meeting>, boolean]>([
    ["a newer copy of a server that looks first", { ...newer, ...looking }, false],
    ["a newer copy of a server that does not", { ...newer, ...blind }, true],
    ["a newer copy of a WHM, which may have looked", { ...newer, ...whm }, false],
    ["another copy under the same serial, from anybody", { ...same, ...looking }, true],
    ["another copy under the same serial, from a WHM", { ...same, ...whm }, true],
    ["an older copy of a server that does not look", { ...older, ...blind }, true],
    ["an older copy of a WHM", { ...older, ...whm }, true],
    ["the same records", { ...same, ...blind, isSameContent: true }, false],
    ["the next copy of the same server", { ...newer, ...blind, isSameWriter: true }, false],
    ["an older copy of the same server", { ...older, ...blind, isSameWriter: true }, false],
    ["a newer copy of a server that had ours", { ...newer, ...blind, hadOurs: true }, false],
    ["a copy of the same serial, under way while ours arrived", { ...same, ...blind, hadOurs: true }, true],
    [
      "an older copy of a WHM that had ours: its administrator brought it back",
      { ...older, ...whm, hadOurs: true },
      false,
    ],
  ])("%s", (_case, meeting, expected) => {
    const usual = { isSameContent: false, isSameWriter: false, hadOurs: false };
    expect(isContested({ ...usual, ...older, ...looking, ...meeting })).toBe(expected);
  });

  it("is forgotten after a fortnight", () => {
    expect(contestedSince(20 * 86_400_000)).toBe(6 * 86_400_000);
  });
});
