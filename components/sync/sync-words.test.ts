import { describe, expect, it } from "vitest";
import { jobState, stepSentence } from "./sync-words";

const stamp = (serial: number) => ({ serial, digest: `d${serial}`, updatedAt: 0 });
const step = (changes: Partial<Parameters<typeof stepSentence>[0]>) => ({
  ...{ memberName: "ns1.example.net", records: 12, there: null, wanted: stamp(6), diff: null, message: null },
  ...({ action: "send", kind: "change" } as const),
  ...changes,
});

describe("stepSentence", () => {
  it.each<[string, Parameters<typeof stepSentence>[0]]>([
    ["This server takes the zone from ns1.example.net: 12 records.", step({ action: "take", kind: "add" })],
    [
      "This server takes the newer copy of ns1.example.net, serial 5 → 6.",
      step({ action: "take", there: stamp(6), diff: { rrsets: [], serial: { before: 5, after: 6 } } }),
    ],
    ["ns1.example.net gets the zone, which it does not hold: 1 record.", step({ kind: "add", records: 1 })],
    ["ns1.example.net gets the newest copy in place of its own, serial 4 → 6.", step({ there: stamp(4) })],
    ["ns1.example.net gets the newest copy in place of its own, serial 6.", step({ there: stamp(6) })],
    [
      "The zone is removed from ns1.example.net, as it was deleted on this server.",
      step({ kind: "remove", wanted: null }),
    ],
    [
      "Nothing can be done with ns1.example.net. Line 3: no address.",
      step({ action: "none", kind: "problem", message: "Line 3: no address." }),
    ],
  ])("%s", (words, given) => {
    expect(stepSentence(given)).toBe(words);
  });
});

describe("jobState", () => {
  const counts = { planned: 0, "left-out": 0, sent: 0, done: 3, changed: 0, failed: 0, cancelled: 0 };
  it.each([
    ["Nothing to do", 0, counts],
    ["Done", 3, counts],
    ["Done, not everywhere", 4, { ...counts, changed: 1 }],
    ["Done, not everywhere", 4, { ...counts, failed: 1 }],
  ])("%s", (words, total, given) => {
    expect(jobState({ state: "done", total, counts: given, waits: [] }).words).toBe(words);
  });

  const wait = (name: string, steps: number) => ({ memberId: 1, name, steps, detail: null });
  it.each([
    ["Done, 3 steps wait for ns1.example.net", 3, [wait("ns1.example.net", 3)]],
    ["Done, 1 step waits for ns1.example.net", 1, [wait("ns1.example.net", 1)]],
    ["Done, 3 steps wait for 2 servers", 3, [wait("ns1.example.net", 1), wait("ns2.example.net", 2)]],
    ["Done, 2 steps wait", 2, []],
  ])("%s", (words, sent, waits) => {
    expect(jobState({ state: "done", total: 9, counts: { ...counts, sent }, waits }).words).toBe(words);
  });
});
