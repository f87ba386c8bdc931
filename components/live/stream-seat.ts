/** Streams that one browser holds open at a time. It makes six HTTP/1.1 connections a host over all its tabs, and pages need some to load. */
const SEATS = 4;

/**
 * Tabs close their stream while they are hidden, but several windows can be visible at once, and with a seventh one nothing would load any more. A tab for which
 * no seat is left polls. One stream for all tabs, handed on over a BroadcastChannel, would need a leader and somebody to notice its end; a lock ends with its tab.
 * @returns the function that gives the seat back, or null when none is free. Where there are no locks (plain HTTP), there is always one.
 */
export async function takeSeat(): Promise<(() => void) | null> {
  if (!navigator.locks) return () => {};
  for (let seat = 1; seat <= SEATS; seat++) {
    const release = await takeLock(`zonefleet-live-${seat}`);
    if (release) return release;
  }
  return null;
}

function takeLock(name: string): Promise<(() => void) | null> {
  return new Promise((resolve, reject) => {
    navigator.locks
      .request(name, { ifAvailable: true }, (lock) => {
        if (!lock) return resolve(null);
        return new Promise<void>((release) => resolve(release));
      })
      .catch(reject);
  });
}
