import { describe, expect, it } from "vitest";
import { baseOf, type Encounter } from "./base";

const ours: Encounter = {
  isOursLost: true,
  hadOurs: false,
  common: 7,
  isElsewhere: false,
  parent: 8,
  isKnown: false,
  isContested: false,
};
const theirs: Encounter = { ...ours, isOursLost: false };

describe("what a copy that is replaced was made from", () => {
  it.each<[string, Encounter, ReturnType<typeof baseOf>]>([
    ["ours, and they had it: they changed it further", { ...ours, hadOurs: true }, null],
    ["ours, changed since they had something of it", ours, 7],
    ["ours, of which nobody ever had anything", { ...ours, common: null, parent: null }, "nothing"],
    ["ours, which another server had: it may have come to them", { ...ours, common: null, isElsewhere: true }, 8],
    ["ours, just made, which another server had", { ...ours, common: null, isElsewhere: true, parent: null }, null],
    ["theirs, which was here before", { ...theirs, isKnown: true }, null],
    ["theirs, made from ours under an older serial", { ...theirs, hadOurs: true }, "ours"],
    ["theirs, changed since both had the same", theirs, 7],
    ["theirs, of which nothing is known", { ...theirs, common: null }, null],
    ["theirs, under the same serial", { ...theirs, common: null, isContested: true }, "nothing"],
  ])("%s", (_, encounter, expected) => {
    expect(baseOf(encounter)).toBe(expected);
  });
});
