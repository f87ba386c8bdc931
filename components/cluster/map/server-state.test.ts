import { describe, expect, it } from "vitest";
import type { MapServer } from "@/lib/cluster/map/cluster-map";
import type { MapMember } from "@/lib/cluster/map/get-map";
import { serverState } from "./server-state";

const server: MapServer = {
  key: "NS1",
  name: "ns1.example",
  kind: "dns-only",
  ageMs: null,
  hops: 1,
  hopsBack: null,
  panel: null,
};
const member: MapMember = { memberId: 1, panel: null, askedAt: null, answeredAt: null, error: null, held: null };
const state = (entry: MapMember | undefined, rest: Partial<MapServer> = {}) =>
  serverState({ ...server, ...rest }, { self: "WEB1", member: entry, now: 10_000 });

describe("serverState", () => {
  it.each([
    ["this server", state(undefined, { key: "WEB1" }), { words: "This server" }],
    ["not asked yet", state(member), { kind: "waiting", words: "Not asked yet" }],
    ["an answer", state({ ...member, askedAt: 8, answeredAt: 9 }), { kind: "ok", words: "Answered", at: 9 }],
    [
      "no answer since",
      state({ ...member, askedAt: 8_000, answeredAt: 500, error: "Refused" }),
      { kind: "error", words: "Did not answer since", at: 500, reason: "Refused" },
    ],
    [
      "disabled",
      state({ ...member, askedAt: 8, answeredAt: 9, held: { why: "disabled", since: 5 } }),
      { kind: "error", words: "Disabled", at: 5 },
    ],
    ["paused", state({ ...member, held: { why: "paused", since: 5 } }), { kind: "paused", words: "Paused", at: 5 }],
    ["never an answer", state({ ...member, askedAt: 8, error: "Refused" }), { kind: "error", words: "Never answered" }],
    ["what others told", state(undefined, { ageMs: 4_000 }), { kind: "partial", words: "Told by others", at: 6_000 }],
    ["a name only", state(undefined), { kind: "unknown", words: "Named by others" }],
  ])("says %s", (_, actual, expected) => {
    expect(actual).toMatchObject(expected);
  });
});
