import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

/** What the browser brings along: a connection that says what the test says. */
class FakeEventSource {
  static opened: FakeEventSource[] = [];
  isClosed = false;
  onerror: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  readonly #beats: (() => void)[] = [];
  #hasSpoken = false;
  constructor(readonly url: string) {
    FakeEventSource.opened.push(this);
  }
  addEventListener(_: "beat", listener: () => void): void {
    this.#beats.push(listener);
  }
  beat(): void {
    if (this.isClosed) throw new Error("A closed connection says nothing.");
    for (const listener of this.#beats) listener();
    const { searchParams } = new URL(this.url, "http://panel.example");
    // As the server does, when its turn has come.
    if (!this.#hasSpoken && searchParams.get("age") === "unknown")
      for (const data of (searchParams.get("topics") ?? "").split(",")) this.onmessage?.({ data });
    this.#hasSpoken = true;
  }
  close(): void {
    this.isClosed = true;
  }
}

const opened = FakeEventSource.opened;
const newest = () => opened.at(-1);
const tell = (topic: string) => newest()?.onmessage?.({ data: topic });

/** The tab, and what of the server answers questions. */
const tab = {
  isHidden: false,
  seats: 6,
  listeners: new Set<() => void>(),
  show(isShown: boolean): void {
    tab.isHidden = !isShown;
    for (const listener of tab.listeners) listener();
  },
};
const server = {
  isUp: true,
  polls: 0,
  versions: {} as Record<string, string>,
};

function fakeBrowser(): void {
  vi.stubGlobal("EventSource", FakeEventSource);
  vi.stubGlobal("document", {
    get hidden() {
      return tab.isHidden;
    },
    addEventListener: (_: string, listener: () => void) => tab.listeners.add(listener),
    removeEventListener: (_: string, listener: () => void) => tab.listeners.delete(listener),
  });
  vi.stubGlobal("navigator", {
    locks: {
      request: async (name: string, _: object, take: (lock: object | null) => Promise<void> | undefined) =>
        take(Number(name.split("-").at(-1)) <= tab.seats ? {} : null),
    },
  });
  vi.stubGlobal("fetch", async () => {
    server.polls++;
    if (!server.isUp) throw new TypeError("fetch failed");
    return Response.json({ versions: server.versions });
  });
}

describe("listen", () => {
  let live: typeof import("./live-connection");

  beforeEach(async () => {
    vi.useFakeTimers();
    vi.spyOn(Math, "random").mockReturnValue(0.5);
    fakeBrowser();
    vi.resetModules();
    opened.length = 0;
    tab.listeners.clear();
    Object.assign(tab, { isHidden: false, seats: 6 });
    Object.assign(server, { isUp: true, polls: 0, versions: { sync: "a.1", zones: "a.1" } });
    live = await import("./live-connection");
  });
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
    vi.useRealTimers();
  });

  const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

  /** A page that listens. */
  async function openPage(topics: Parameters<typeof live.listen>[0]) {
    const poke = vi.fn();
    const leave = live.listen(topics, poke);
    await pass(100);
    return { poke, leave };
  }

  /** The same over a stream that speaks. */
  async function openLivePage(topics: Parameters<typeof live.listen>[0]) {
    const page = await openPage(topics);
    newest()?.beat();
    return page;
  }

  async function untilTried() {
    while (newest()?.isClosed) await pass(1_000);
  }

  /** As the server does that stays up. */
  async function beatFor(ms: number) {
    for (let passed = 0; passed < ms; passed += 20_000) {
      await pass(20_000);
      newest()?.beat();
    }
  }

  it("pokes whoever listens to a topic when it is told", async () => {
    const { poke } = await openLivePage(["sync"]);
    tell("zones");
    expect(poke).not.toHaveBeenCalled();
    tell("sync");
    expect(poke).toHaveBeenCalledTimes(1);
  });

  it("pokes a page for what was told while it was on its way, over a stream that stayed", async () => {
    const before = await openLivePage(["sync"]);
    tell("sync");
    await pass(2_000);
    before.leave();
    const { poke } = await openPage(["sync"]);
    expect(opened).toHaveLength(1);
    expect(poke).toHaveBeenCalledTimes(1);
  });

  it.each([
    { what: "of another topic", topic: "zones", waitMs: 0 },
    { what: "long ago", topic: "sync", waitMs: 60_000 },
  ])("does not poke it for what was told $what", async ({ topic, waitMs }) => {
    const before = await openLivePage(["sync", "zones"]);
    tell(topic);
    await beatFor(waitMs);
    const { poke } = await openPage(["sync"]);
    expect(poke).not.toHaveBeenCalled();
    before.leave();
  });

  it("asks for what happened of late when the next page listens to something else, and holds one stream", async () => {
    const before = await openLivePage(["sync"]);
    before.leave();
    const { poke } = await openLivePage(["zones"]);
    expect(opened.map(({ isClosed }) => isClosed)).toEqual([true, false]);
    expect(new URL(newest()?.url ?? "", "http://panel.example").searchParams.get("age")).toBe("10000");
    expect(poke).not.toHaveBeenCalled();
  });

  it("opens another stream when one broke off, and pokes whoever listens", async () => {
    const { poke } = await openLivePage(["sync"]);
    server.isUp = false;
    newest()?.onerror?.();
    await pass(2_000);
    expect(live.liveState.get()).toBe("offline");
    expect(opened).toHaveLength(2);
    newest()?.beat();
    expect(live.liveState.get()).toBe("live");
    expect(poke).toHaveBeenCalledTimes(1);
  });

  it("does not wait for its next try once a server that was away answers again", async () => {
    const { poke } = await openLivePage(["sync"]);
    server.isUp = false;
    for (let tries = 0; tries < 8; tries++) {
      newest()?.onerror?.();
      await pass(30_000);
    }
    server.isUp = true;
    const before = opened.length;
    for (let waited = 0; live.liveState.get() === "offline" && waited < 20; waited++) await pass(1_000);
    expect(opened.length).toBe(before + 1);
    poke.mockClear();
    newest()?.beat();
    expect(live.liveState.get()).toBe("live");
    expect(poke).toHaveBeenCalledTimes(1);
  });

  it("polls when a stream says no word, is poked for what changed only, and goes back to the stream", async () => {
    const { poke } = await openPage(["sync"]);
    expect(server.polls).toBe(0);
    await pass(5_000);
    expect(live.liveState.get()).toBe("polling");
    expect(opened[0]?.isClosed).toBe(true);
    poke.mockClear();
    await pass(4_000);
    expect(server.polls).toBeGreaterThan(1);
    expect(poke).not.toHaveBeenCalled();
    server.versions.zones = "a.2";
    await pass(15_000);
    expect(poke).not.toHaveBeenCalled();
    server.versions.sync = "a.2";
    await pass(20_000);
    expect(poke).toHaveBeenCalledTimes(1);
    await untilTried();
    newest()?.beat();
    expect(live.liveState.get()).toBe("live");
    const asked = server.polls;
    await beatFor(60_000);
    expect(server.polls).toBe(asked);
  });

  it("polls when a stream falls silent", async () => {
    await openLivePage(["sync"]);
    await beatFor(60_000);
    expect(server.polls).toBe(0);
    await pass(46_000);
    expect(live.liveState.get()).toBe("polling");
  });

  it("asks less and less often while nothing changes", async () => {
    await openPage(["sync"]);
    await pass(60_000);
    const before = server.polls;
    await pass(60_000);
    expect(server.polls - before).toBeLessThanOrEqual(6);
  });

  it("does nothing while the tab is hidden, and is poked when it is shown again", async () => {
    const { poke } = await openLivePage(["sync"]);
    tab.show(false);
    await pass(600_000);
    expect(opened).toHaveLength(1);
    expect(opened[0]?.isClosed).toBe(true);
    expect(server.polls).toBe(0);
    tab.show(true);
    await pass(100);
    newest()?.beat();
    expect(opened).toHaveLength(2);
    expect(poke).toHaveBeenCalledTimes(1);
  });

  it("polls where the browser has no connection left for a stream", async () => {
    tab.seats = 0;
    await openPage(["sync"]);
    expect(opened).toHaveLength(0);
    expect(live.liveState.get()).toBe("polling");
  });
});
