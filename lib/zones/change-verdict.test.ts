import { describe, expect, it } from "vitest";
import { type Goal, judgeChange } from "./change-verdict";
import type { ReceiptState, TargetReceipt } from "./receipts";

let lastId = 0;
const target = (state: ReceiptState, more: Partial<TargetReceipt> = {}): TargetReceipt => ({
  ...{ targetId: ++lastId, kind: "member", label: "ns1.example.com", state, acceptedMs: null, servedMs: null },
  ...{ observedSerial: null, detail: null, error: null, retryAt: null, held: null, notes: [] },
  ...{ isProvable: true, newerServed: null },
  ...more,
});
const local = (state: ReceiptState) => target(state, { kind: "local", label: "This server" });

describe("judgeChange", () => {
  it.each<[string, TargetReceipt[], Record<Goal, boolean>]>([
    ["nowhere", [], { acknowledged: false, quorum: false, all: false }],
    ["on its way", [local("pending")], { acknowledged: false, quorum: false, all: false }],
    ["taken by all", [local("accepted"), target("accepted")], { acknowledged: true, quorum: false, all: false }],
    ["served by all", [local("served"), target("served")], { acknowledged: true, quorum: true, all: true }],
    [
      "served by two of three",
      [local("served"), target("served"), target("pending")],
      { acknowledged: false, quorum: true, all: false },
    ],
    ["served by half", [local("served"), target("pending")], { acknowledged: false, quorum: false, all: false }],
    [
      "served by all but the local one",
      [local("accepted"), target("served"), target("served")],
      { acknowledged: true, quorum: false, all: false },
    ],
    [
      "taken by one that DNS cannot tell of",
      [local("served"), target("unverified", { isProvable: false }), target("accepted", { isProvable: false })],
      { acknowledged: true, quorum: true, all: true },
    ],
    [
      "held at a disabled member",
      [local("served"), target("disabled")],
      { acknowledged: false, quorum: false, all: false },
    ],
    [
      "set aside at a member",
      [local("served"), target("served"), target("set-aside")],
      { acknowledged: false, quorum: true, all: false },
    ],
    ["replaced before it was served", [local("superseded")], { acknowledged: true, quorum: false, all: false }],
    [
      "replaced by one that is served",
      [target("superseded", { newerServed: 9 })],
      { acknowledged: true, quorum: true, all: true },
    ],
  ])("%s", (_, targets, expected) => {
    for (const goal of ["acknowledged", "quorum", "all"] as const)
      expect(judgeChange({ targets }, goal).isReached, goal).toBe(expected[goal]);
  });

  it.each<[TargetReceipt, boolean, RegExp]>([
    [target("served"), true, /^$/],
    [target("pending"), false, /^It was not sent there yet\.$/],
    [target("pending", { error: "It does not answer." }), false, /^It does not answer\.$/],
    [target("paused"), false, /clustering is disabled/],
    [
      target("accepted", { detail: "It still answers with serial 7." }),
      false,
      /not seen serving it yet\. It still answers/,
    ],
    [target("unverified", { isProvable: false }), true, /DNS cannot tell/],
    [target("superseded", { newerServed: 9 }), true, /serves change 9, a newer one/],
    [target("superseded"), false, /took a newer change of the zone, and was not seen/],
  ])("says why: %#", (receipt, isReached, reason) => {
    expect(judgeChange({ targets: [receipt] }, "all").targets).toMatchObject([
      { isReached, reason: expect.stringMatching(reason) },
    ]);
  });
});
