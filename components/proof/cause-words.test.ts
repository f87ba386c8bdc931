import { describe, expect, it } from "vitest";
import type { PairView } from "@/lib/proof/pairs";
import { CAUSES, type PairState } from "@/lib/proof/reason";
import { CAUSE_MEANING, reasonSentence, STATE_LOOK } from "./cause-words";
import { everywhereSentence } from "./everywhere-words";

const pair = (state: PairState, changes: Partial<PairView> = {}) => ({
  reason: { state, since: null, words: null, nextAt: null },
  desired: { seq: 5, serial: 7, at: 1, isGone: false },
  acknowledged: { seq: 5, serial: 7, at: 2, isGone: false },
  observed: { state: "lagging" as const, serial: 6, at: 3 },
  ...changes,
});

describe("a reason in words", () => {
  it.each(CAUSES.map(({ cause }) => cause))("%s has a word, a meaning and a sentence of its own", (cause) => {
    const others = CAUSES.filter((row) => row.cause !== cause);
    for (const { cause: other } of others) {
      expect(STATE_LOOK[cause].word).not.toBe(STATE_LOOK[other].word);
      expect(CAUSE_MEANING[cause]).not.toBe(CAUSE_MEANING[other]);
      expect(reasonSentence(pair(cause))).not.toBe(reasonSentence(pair(other)));
    }
    expect(reasonSentence(pair(cause))).toMatch(/^[A-Z].*\.$/);
  });

  it("names the serials where they are known", () => {
    expect(reasonSentence(pair("old-serial"))).toBe("It took serial 7 and still answers with 6.");
    expect(reasonSentence(pair("old-serial", { observed: null }))).toBe("It still answers with an older serial.");
  });

  it("tells a zone that never was there from an old one", () => {
    expect(reasonSentence(pair("not-sent", { acknowledged: null }))).toContain("The zone was not sent");
    expect(reasonSentence(pair("not-sent"))).toContain("The newest change was not sent");
  });
});

describe("how far everything is served", () => {
  const all = {
    zones: 1_204,
    notEverywhere: 0,
    isCapped: false,
    problems: 0,
    targets: 3,
    verifiable: 3,
    isShared: true,
  };
  it.each([
    [{}, "All 1,204 zones are served by all 3 nameservers"],
    [{ zones: 1 }, "The one zone is served by all 3 nameservers"],
    [{ targets: 1, verifiable: 1 }, "All 1,204 zones are served by their nameserver"],
    [{ isShared: false }, "All 1,204 zones are served by every nameserver that they go to"],
    [{ verifiable: 2 }, "All 1,204 zones are served by 2 nameservers, and accepted by 1 of which DNS cannot tell more"],
    [{ verifiable: 0, targets: 1 }, "All 1,204 zones are accepted by 1 of which DNS cannot tell more"],
    [{ notEverywhere: 1 }, "1 of 1,204 zones is not yet served everywhere"],
    [{ notEverywhere: 12 }, "12 of 1,204 zones are not yet served everywhere"],
    [
      { zones: 99_000, notEverywhere: 10_000, isCapped: true },
      "More than 10,000 of 99,000 zones are not yet served everywhere",
    ],
    [{ zones: 0 }, "There are no zones yet"],
    [{ targets: 0, verifiable: 0 }, "No nameserver takes zones yet"],
  ])("%o", (changes, sentence) => {
    expect(everywhereSentence({ ...all, ...changes })).toBe(sentence);
  });
});
