import { describe, expect, it } from "vitest";
import { createLoneFailures } from "./lone-failures";

const TARGET = 1;

/** "-3": zone 3 fails alone; "+3": it gets through. @returns what became of the last one */
function play(steps: readonly string[]) {
  const lone = createLoneFailures();
  const last = steps.reduce((_, step) => {
    const zone = Number(step.slice(1));
    return step.startsWith("-") ? lone.fail(TARGET, zone) : lone.getThrough(TARGET, [zone]);
  }, false);
  return { last, isSuspecting: lone.isSuspecting(TARGET) };
}

describe("zones that fail alone", () => {
  it.each<[string, string[], { last: boolean; isSuspecting: boolean }]>([
    ["one", ["-1"], { last: false, isSuspecting: true }],
    ["one, for ever", ["-1", "-1", "-1", "-1"], { last: false, isSuspecting: true }],
    ["two, for ever", ["-1", "-2", "-1", "-2"], { last: false, isSuspecting: true }],
    ["three", ["-1", "-2", "-3"], { last: true, isSuspecting: true }],
    ["each further one", ["-1", "-2", "-3", "-4"], { last: true, isSuspecting: true }],
    ["one of them again", ["-1", "-2", "-3", "-1"], { last: true, isSuspecting: true }],
    ["three, of which one gets through", ["-1", "-2", "-3", "+1"], { last: true, isSuspecting: false }],
    ["two before another gets through", ["-1", "-2", "+9"], { last: false, isSuspecting: false }],
    ["three with another in between", ["-1", "-2", "+9", "-3"], { last: false, isSuspecting: true }],
    [
      "those that failed while another got through",
      ["-1", "-2", "-3", "+9", "-1", "-2", "-3"],
      { last: false, isSuspecting: false },
    ],
    ["others after those", ["-1", "-2", "-3", "+9", "-4", "-5", "-6"], { last: true, isSuspecting: true }],
    [
      "those once one of them got through",
      ["-1", "-2", "-3", "+9", "+1", "-1", "-2", "-3"],
      { last: true, isSuspecting: true },
    ],
  ])("%s", (_, steps, expected) => {
    expect(play(steps)).toEqual(expected);
  });

  it("are each target's own, and forgotten when it was somebody else's", () => {
    const lone = createLoneFailures();
    for (const zone of [1, 2]) lone.fail(TARGET, zone);
    expect(lone.fail(2, 3)).toBe(false);
    lone.forget(TARGET);
    expect(lone.fail(TARGET, 3)).toBe(false);
  });
});
