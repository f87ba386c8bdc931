import { describe, expect, it } from "vitest";
import { failureWords, isHeld, type MemberFacts, memberStatus } from "./member-status";

const never: MemberFacts = { lastAnswerAt: null, lastErrorAt: null, lastErrorKind: null, lastError: null, pin: null };
const PIN = `${"A".repeat(43)}=`;

describe("memberStatus", () => {
  it.each<[string, Partial<MemberFacts>, string, string]>([
    ["was never asked", {}, "not-checked", "Not checked yet"],
    ["answered", { lastAnswerAt: 5 }, "online", "Online"],
    ["answered after a failure", { lastAnswerAt: 6, lastErrorAt: 5, lastErrorKind: "auth" }, "online", "Online"],
    ["never answered", { lastErrorAt: 5, lastErrorKind: "unreachable" }, "failing", "Unreachable"],
    [
      "failed after an answer",
      { lastAnswerAt: 5, lastErrorAt: 6, lastErrorKind: "timeout" },
      "failing",
      "No answer in time",
    ],
    [
      "failed in the same millisecond",
      { lastAnswerAt: 5, lastErrorAt: 5, lastErrorKind: "auth" },
      "failing",
      "Access refused",
    ],
    ["lost the system's trust", { lastErrorAt: 5, lastErrorKind: "tls" }, "failing", "Certificate not trusted"],
    [
      "shows another key",
      { lastErrorAt: 5, lastErrorKind: "tls", pin: PIN },
      "certificate-changed",
      "Certificate changed",
    ],
    ["talks rubbish", { lastErrorAt: 5, lastErrorKind: "bad-response" }, "failing", "Unexpected answer"],
    [
      "says that its nameserver does not run",
      { lastAnswerAt: 5, nameserverRuns: false },
      "nameserver-stopped",
      "Nameserver stopped",
    ],
    ["says that its nameserver runs", { lastAnswerAt: 5, nameserverRuns: true }, "online", "Online"],
    [
      "fails whatever its nameserver did",
      { lastErrorAt: 5, lastErrorKind: "timeout", nameserverRuns: false },
      "failing",
      "No answer in time",
    ],
    ["slows us down", { lastErrorAt: 5, lastErrorKind: "rate-limited" }, "slowed", "Asks us to wait"],
    ["failed in another way", { lastErrorAt: 5, lastErrorKind: "conflict" }, "failing", "Last command failed"],
  ])("a member that %s", (_, facts, state, label) => {
    expect(memberStatus({ ...never, ...facts }, true)).toMatchObject({ state, label });
  });

  it("gives the member's own words and what to do", () => {
    const facts: MemberFacts = {
      ...never,
      lastErrorAt: 1,
      lastErrorKind: "unreachable",
      lastError: "Connection refused.",
    };
    expect(memberStatus(facts, true)).toMatchObject({
      reason: "Connection refused.",
      advice: expect.stringMatching(/^Check that the server runs/),
    });
  });

  const hold = { disabledAt: null, disabledReason: null, pausedAt: null, pausedUntil: null, isRecovering: false };
  it.each([
    [
      "is disabled",
      { disabledAt: 7, disabledReason: "It refused." },
      { state: "disabled", label: "Disabled", since: 7, reason: expect.stringContaining("It refused.") },
    ],
    ["is paused", { pausedAt: 7, pausedUntil: 9 }, { state: "maintenance", label: "Paused", since: 7, until: 9 }],
    ["is disabled and paused", { disabledAt: 7, pausedAt: 8, pausedUntil: 9 }, { state: "disabled" }],
    ["came back by itself", { isRecovering: true }, { state: "catching-up", label: "Catching up" }],
  ])("a member that %s", (_, changes, expected) => {
    const facts = { ...never, lastAnswerAt: 5, hold: { ...hold, ...changes } };
    const status = memberStatus(facts, true);
    expect(status).toMatchObject(expected);
    expect(isHeld(status)).toBe(!("isRecovering" in changes));
  });

  it("is paused for every member while clustering is disabled", () => {
    expect(memberStatus({ ...never, lastErrorAt: 5, lastErrorKind: "tls" }, false)).toMatchObject({ state: "paused" });
  });
});

describe("failureWords", () => {
  it.each([
    [0, 10, "No failed commands"],
    [3, 10, "3 of 10 failed commands"],
    [12, 10, "12 of 10 failed commands"],
    [1, 0, "1 failed command in a row"],
    [7, 0, "7 failed commands in a row"],
  ])("%i failures, threshold %i", (failures, threshold, words) => {
    expect(failureWords(failures, threshold)).toBe(words);
  });
});

describe("memberStatus of a hosted service", () => {
  const failed = (lastErrorKind: MemberFacts["lastErrorKind"]) =>
    memberStatus({ ...never, lastErrorAt: 5, lastErrorKind, lastError: "It failed." }, true, true);

  it("advises nothing that is about a server", () => {
    expect(failed("auth")).toMatchObject({ label: "Access refused", advice: expect.stringContaining("key") });
    expect(failed("auth").advice).not.toContain("clustering");
    expect(failed("rate-limited")).toMatchObject({ state: "slowed", label: "Asks us to wait" });
  });
});
