/** Tabs that are told at once, and how many a second after these. Each asks for a page then, which takes some 25 ms of the thread that the engine has as well. */
const AT_ONCE = 4;
const PER_SECOND = 5;
const EACH_MS = 1_000 / PER_SECOND;

export interface TellingPace {
  /**
   * Runs `tell` now, or when its turn has come.
   * @param tell tells one tab. @returns whether there was anything to tell: otherwise the next one has its turn
   */
  add(tell: () => boolean): void;
}

/** Lets few tabs hear at once, and many one after the other: however many follow what happens, it takes the same part of the server's time. */
export function createTellingPace(): TellingPace {
  const waiting: (() => boolean)[] = [];
  let timer: NodeJS.Timeout | undefined;
  /** How many may be told now, as it was at `at`. */
  let room = AT_ONCE;
  let at = performance.now();

  function tellWaiting(): void {
    timer = undefined;
    const now = performance.now();
    room = Math.min(AT_ONCE, room + (now - at) / EACH_MS);
    at = now;
    while (room >= 1 && waiting.length > 0) if (waiting.shift()?.()) room--;
    if (waiting.length > 0) timer = setTimeout(tellWaiting, Math.ceil((1 - room) * EACH_MS)).unref();
  }

  return {
    add(tell) {
      waiting.push(tell);
      if (timer === undefined) tellWaiting();
    },
  };
}
