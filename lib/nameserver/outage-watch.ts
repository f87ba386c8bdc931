/** What a watched state came to. */
export type Outage = {
  readonly state: "down" | "up" /** Milliseconds, of the clock that was given. */;
  readonly since: number;
};

interface OutageWatchOptions {
  /** Without an answer for so long it is down. */
  readonly downMs: number;
  /** Answering without a break for so long it is up. */
  readonly upMs: number;
}

/**
 * Makes lasting states of many looks: a nameserver that keeps starting and stopping is down all the time, and a short restart is nothing.
 * @returns a function that takes each look, and gives what it came to when that is news
 */
export function createOutageWatch({ downMs, upMs }: OutageWatchOptions): (isUp: boolean, now: number) => Outage | null {
  let told: Outage["state"] | null = null;
  /** When it was last known to be well, and since when it has answered without a break. */
  let downSince: number | null = null;
  let upSince: number | null = null;
  return (isUp, now) => {
    if (!isUp) {
      downSince ??= now;
      upSince = null;
    } else upSince ??= now;
    if (upSince !== null && now - upSince >= upMs) {
      downSince = null;
      if (told === "up") return null;
      told = "up";
      return { state: "up", since: upSince };
    }
    if (isUp || told === "down" || downSince === null || now - downSince < downMs) return null;
    told = "down";
    return { state: "down", since: downSince };
  };
}
