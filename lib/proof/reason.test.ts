import { describe, expect, it } from "vitest";
import { CAUSES, outsideReason, PATIENCE, type PairFacts, PROBLEMS, type Reason, reasonOf } from "./reason";

const target: PairFacts["target"] = { hold: null, holdWords: null, holdUntil: null, isVerifiable: true, failure: null };
const served = { state: "served", serial: 7, detail: null, at: 30 } as const;
const failure = { kind: "timeout", words: "No answer.", attempts: 2, retryAt: 90 } as const;

/** A pair whose newest change is 5, acknowledged and served. */
const synced: PairFacts = {
  desired: { seq: 5, serial: 7, at: 10, isGone: false },
  acknowledged: { seq: 5, serial: 7, at: 20, isGone: false },
  observed: served,
  content: null,
  problem: null,
  problemSince: null,
  looks: null,
  failure: null,
  target,
};
const behind = { acknowledged: { seq: 4, serial: 6, at: 5, isGone: false } };
const gone = { desired: { ...synced.desired, isGone: true } };
const at = (changes: Partial<PairFacts["target"]>) => ({ target: { ...target, ...changes } });

const cases: [string, Partial<PairFacts>, Partial<Reason>][] = [
  ["served as it is wanted", {}, { state: "in-sync", since: null }],
  ["newer there than it was looked at", { observed: null }, { state: "unverified" }],
  [
    "a service, which numbers zones itself",
    { observed: { ...served, state: "present" }, ...at({ isVerifiable: false }) },
    { state: "unverified" },
  ],
  [
    "no address to ask",
    { observed: { ...served, state: "unknown" }, looks: 30, ...at({ isVerifiable: false }) },
    { state: "unverified" },
  ],
  ["never sent", { acknowledged: null, observed: null }, { state: "not-sent", since: 10 }],
  ["an older change is there", behind, { state: "not-sent", since: 10, words: null, nextAt: null }],
  ["what is there is void", { acknowledged: { seq: 0, serial: 7, at: 5, isGone: false } }, { state: "not-sent" }],
  [
    "the member does not answer calls",
    { ...behind, ...at({ failure: { words: "Refused.", retryAt: 40 } }) },
    { state: "not-sent", words: "Refused.", nextAt: 40 },
  ],
  [
    "the member is disabled",
    { ...behind, ...at({ hold: "disabled", holdWords: "Too often." }) },
    { state: "disabled", words: "Too often.", nextAt: null },
  ],
  ["the member is paused", { ...behind, ...at({ hold: "paused", holdUntil: 50 }) }, { state: "paused", nextAt: 50 }],
  ["clustering is disabled", { ...behind, ...at({ hold: "clustering-disabled" }) }, { state: "clustering-disabled" }],
  ["disabled, and nothing waits", at({ hold: "disabled" }), { state: "in-sync" }],
  [
    "failed with this change",
    { ...behind, failure },
    { state: "set-aside", words: "No answer.", nextAt: 90, since: 10 },
  ],
  ["refused", { ...behind, failure: { ...failure, kind: "rejected" } }, { state: "refused" }],
  ["cannot hold it", { ...behind, failure: { ...failure, kind: "unsupported" } }, { state: "refused" }],
  ["set aside, and disabled", { ...behind, failure, ...at({ hold: "disabled" }) }, { state: "set-aside" }],
  ["just accepted", { looks: 2 }, { state: "not-checked", since: 20 }],
  [
    "accepted, and not found for long",
    { looks: PATIENCE, observed: { ...served, state: "lagging", detail: "Serial 6." } },
    { state: "not-served", since: 20, words: "Serial 6." },
  ],
  [
    "deleted, and not answered for",
    { ...gone, acknowledged: { seq: 5, serial: 7, at: 20, isGone: true } },
    { state: "in-sync" },
  ],
  ["deleted, and never sent there", { ...gone, acknowledged: null, observed: null }, { state: "in-sync" }],
  ["deleted, and that was not sent yet", { ...gone, ...behind }, { state: "not-sent" }],
];

describe("the reason of one zone at one target", () => {
  it.each(cases)("%s", (_, changes, expected) => {
    expect(reasonOf({ ...synced, ...changes })).toMatchObject(expected);
  });

  it.each(PROBLEMS)("%s was seen, which counts before all else", (problem) => {
    const pair = {
      ...synced,
      ...behind,
      failure,
      looks: 9,
      problem,
      problemSince: 3,
      observed: { ...served, detail: "Seen." },
    };
    expect(reasonOf(pair)).toEqual({ state: problem, since: 3, words: "Seen.", nextAt: null });
  });

  it("what counts first is worse", () => {
    const rank = (changes: Partial<PairFacts>) =>
      CAUSES.findIndex(({ cause }) => cause === reasonOf({ ...synced, ...changes }).state);
    const order = [
      ...PROBLEMS.map((problem) => rank({ problem })),
      rank({ ...behind, failure: { ...failure, kind: "rejected" } }),
      rank({ ...behind, failure }),
      rank({ looks: PATIENCE }),
      rank({ ...behind, ...at({ hold: "disabled" }) }),
      rank({ ...behind, ...at({ hold: "paused" }) }),
      rank({ ...behind, ...at({ hold: "clustering-disabled" }) }),
      rank(behind),
      rank({ looks: 0 }),
    ];
    expect(order).toEqual(CAUSES.map((_, index) => index));
  });
});

describe("what is told to those whose member it is not", () => {
  const full = { since: 1, words: "ns1.example.net said no.", nextAt: 9 };
  it.each([
    ["refused", "set-aside", 9],
    ["set-aside", "set-aside", 9],
    ["disabled", "not-sent", null],
    ["paused", "not-sent", null],
    ["clustering-disabled", "clustering-disabled", null],
    ["lame", "lame", null],
    ["in-sync", "in-sync", null],
  ] as const)("%s", (state, shown, nextAt) => {
    expect(outsideReason({ ...full, state })).toEqual({ state: shown, since: 1, words: null, nextAt });
  });
});
