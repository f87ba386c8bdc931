import { describe, expect, it } from "vitest";
import { type TrustFacts, trustState } from "./trust-state";

const facts: TrustFacts = {
  backend: "whm",
  role: "sync",
  kind: "web-server",
  token: "valid",
  there: "works",
  detail: null,
  checkedAt: 1,
  lastAnswerAt: 2,
  lastErrorAt: null,
  lastErrorKind: null,
  lastError: null,
  pin: null,
};
const failed = (lastErrorKind: TrustFacts["lastErrorKind"]) => ({ lastErrorAt: 3, lastErrorKind, lastError: "Why." });

describe("the trust with a member", () => {
  it.each<[string, Partial<TrustFacts>, object]>([
    ["works both ways", {}, { state: "whole", remedy: null, notRequired: null }],
    ["is whole when a WHM has an entry for us", { there: "unchecked", token: "none" }, { state: "whole" }],
    ["lacks their half", { there: "missing", token: "none" }, { state: "one-way", remedy: "set-up" }],
    [
      "lacks a half that a DNS-only server does not need",
      { there: "missing", token: "none", kind: "dns-only" },
      { state: "not-required", remedy: null, notRequired: expect.stringContaining("DNS-only") },
    ],
    [
      "lacks a half that Write-only does not need",
      { there: "missing", token: "none", role: "write-only" },
      { state: "not-required", remedy: null, notRequired: expect.stringContaining("Write-only") },
    ],
    [
      "is broken by a revoked token, whatever the member said before",
      { token: "revoked" },
      { state: "broken", remedy: "set-up", theirs: { state: "broken", reason: expect.stringContaining("revoked") } },
    ],
    ["is broken by an expired token", { token: "expired" }, { state: "broken", remedy: "set-up" }],
    [
      "is broken there",
      { there: "broken", detail: "Access refused." },
      { state: "broken", remedy: "set-up", theirs: { reason: expect.stringContaining("Access refused.") } },
    ],
    [
      "is mended by their token first when both halves are broken",
      { ...failed("auth"), token: "revoked" },
      { state: "broken", remedy: "enter-token", ours: { state: "broken", reason: "Why." } },
    ],
    ["is broken by another certificate", failed("tls"), { state: "broken", remedy: "enter-token" }],
    [
      "is a service's key that works",
      { backend: "softlayer", role: "write-only", token: "none", there: null },
      { state: "not-required", canSetUp: false, ours: { reason: expect.stringContaining("API key works") } },
    ],
    [
      "is mended by another key where a service refuses",
      { ...failed("auth"), backend: "softlayer", role: "write-only", token: "none", there: null },
      { state: "broken", remedy: "enter-key" },
    ],
    ["is unknown while the member is down", failed("unreachable"), { state: "unknown", remedy: null }],
    ["is unknown before it was asked", { there: null }, { state: "unknown" }],
    ["is unknown when it does not say", { there: "silent", detail: "Timeout." }, { state: "unknown" }],
    ["is whole while it asks us to wait", failed("rate-limited"), { state: "whole" }],
  ])("%s", (_, changes, expected) => expect(trustState({ ...facts, ...changes })).toMatchObject(expected));
});
