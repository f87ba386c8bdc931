import { describe, expect, it } from "vitest";
import { tokenState } from "./token-info";

const DAY = 86_400_000;
const now = 1_000 * DAY;

describe("the state of a token", () => {
  it.each([
    ["is used and lasts", { createdAt: 0, expiresAt: null, lastUsedAt: now - DAY }, "ok"],
    ["is new and was not used yet", { createdAt: now - 29 * DAY, expiresAt: null, lastUsedAt: null }, "ok"],
    ["was never used in a month", { createdAt: now - 31 * DAY, expiresAt: null, lastUsedAt: null }, "unused"],
    ["was used three months ago", { createdAt: 0, expiresAt: null, lastUsedAt: now - 91 * DAY }, "unused"],
    ["ends this week", { createdAt: now, expiresAt: now + 6 * DAY, lastUsedAt: null }, "expiring"],
    ["ends later", { createdAt: now, expiresAt: now + 8 * DAY, lastUsedAt: null }, "ok"],
    ["ends now", { createdAt: now - DAY, expiresAt: now, lastUsedAt: now }, "expired"],
    ["ended, and was never used", { createdAt: 0, expiresAt: now - DAY, lastUsedAt: null }, "expired"],
  ] as const)("%s", (_, token, state) => expect(tokenState(token, now)).toBe(state));
});
