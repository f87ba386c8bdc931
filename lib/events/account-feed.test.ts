import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { UserActor } from "@/lib/access/actor";
import type { Context } from "@/lib/context";
import { type LiveTopic, publish } from "@/lib/live/bus";
import { AccountFeed } from "./account-feed";
import { createTellingPace } from "./telling-pace";

const ROOT: UserActor = { kind: "user", userId: 1, username: "root", role: "root", acls: [] };
/** Root's feed asks nothing but the change sequence, which stays as it is. */
const QUIET = { db: { provider: "sqlite", client: { $queryRaw: async () => [] } } } as unknown as Pick<Context, "db">;
const TABS = 104;
/** What a tab looks back on from page to page, in ms. */
const AGE_MS = 10_000;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function openTabs() {
  const feed = new AccountFeed(QUIET, ROOT, createTellingPace(), () => {});
  const open = (ageMs: number | null) => {
    const heard: LiveTopic[] = [];
    const tell = (topics: readonly LiveTopic[]) => void heard.push(...topics);
    return { heard, leave: feed.listen({ topics: new Set(["zones", "sync"]), tell, fail: () => {} }, ageMs) };
  };
  return { open, tabs: Array.from({ length: TABS }, () => open(0)) };
}

it.each(["before", "after"] as const)(
  "tells a tab that goes to another page what it waited for, when its stream ends %s the next one begins",
  async (order) => {
    const { open, tabs } = openTabs();
    publish("zones");
    await vi.advanceTimersByTimeAsync(15_000);
    const last = tabs.at(-1);
    expect(last?.heard).toEqual([]);
    if (order === "before") last?.leave();
    const next = open(AGE_MS);
    last?.leave();
    expect(next.heard).toEqual(["zones"]);
  },
);

it("tells it also when the turn of the stream that ended has passed meanwhile", async () => {
  const { open, tabs } = openTabs();
  publish("zones");
  await vi.advanceTimersByTimeAsync(19_000);
  tabs.at(-1)?.leave();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(open(AGE_MS).heard).toEqual(["zones"]);
  await vi.advanceTimersByTimeAsync(AGE_MS);
  expect(open(AGE_MS).heard).toEqual([]);
});

it("tells a tab that was to ask for everything, and left before its turn", async () => {
  const { open, tabs } = openTabs();
  for (const { leave } of tabs) leave();
  const waiting = Array.from({ length: TABS }, () => open(null));
  waiting.at(-1)?.leave();
  expect(open(AGE_MS).heard).toEqual(["zones", "sync"]);
});
