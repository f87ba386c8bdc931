import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

/** What the browser brings along: a connection that tells what the test says. */
class FakeEventSource {
  static readonly CLOSED = 2;
  static opened: FakeEventSource[] = [];
  readyState = 1;
  onopen = () => {};
  onerror = () => {};
  onmessage = (_event: { data: string }) => {};
  constructor(readonly url: string) {
    FakeEventSource.opened.push(this);
  }
  close(): void {
    this.readyState = FakeEventSource.CLOSED;
  }
}

const newest = () => FakeEventSource.opened.at(-1);
const tell = (topic: string) => newest()?.onmessage({ data: topic });

describe("listen", () => {
  let listen: typeof import("./live-connection").listen;

  beforeEach(async () => {
    vi.useFakeTimers();
    vi.stubGlobal("EventSource", FakeEventSource);
    vi.stubGlobal("document", { hidden: false, addEventListener: () => {}, removeEventListener: () => {} });
    vi.resetModules();
    FakeEventSource.opened = [];
    ({ listen } = await import("./live-connection"));
  });
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });

  /** A page that listens, connected. */
  function openPage(topics: Parameters<typeof listen>[0]) {
    const poke = vi.fn();
    const leave = listen(topics, poke);
    vi.advanceTimersByTime(100);
    newest()?.onopen();
    return { poke, leave };
  }

  it("pokes whoever listens to a topic when it is told", () => {
    const { poke } = openPage(["sync"]);
    tell("zones");
    expect(poke).not.toHaveBeenCalled();
    tell("sync");
    expect(poke).toHaveBeenCalledTimes(1);
  });

  it("pokes a page for what was told while it was on its way, over a connection that stayed", () => {
    const before = openPage(["sync"]);
    tell("sync");
    vi.advanceTimersByTime(2_000);
    before.leave();
    const { poke } = openPage(["sync"]);
    expect(FakeEventSource.opened).toHaveLength(1);
    expect(poke).toHaveBeenCalledTimes(1);
  });

  it.each([
    { what: "of another topic", topic: "zones", waitMs: 0 },
    { what: "long ago", topic: "sync", waitMs: 60_000 },
  ])("does not poke it for what was told $what", ({ topic, waitMs }) => {
    const before = openPage(["sync", "zones"]);
    tell(topic);
    vi.advanceTimersByTime(waitMs);
    const { poke } = openPage(["sync"]);
    expect(poke).not.toHaveBeenCalled();
    before.leave();
  });

  it("pokes whoever listens when a lost connection is back", () => {
    const { poke } = openPage(["sync"]);
    newest()?.onerror();
    newest()?.onopen();
    expect(poke).toHaveBeenCalledTimes(1);
  });
});
