/** When and where a copy of a zone was last changed, as the first line of a file that passed through WHM says it. */
export interface ZoneStamp {
  /** Epoch milliseconds; the stamp itself has whole seconds. */
  readonly updatedAt: number;
  readonly hostname?: string;
}

/** Year 9999: what is beyond it is no time in seconds. */
const MAX_SECONDS = 253_402_300_799;

/**
 * Looks for the stamp in the comment lines at the top, e.g.
 * `; cPanel first:11.25.0 (update_time):1700000000 Cpanel::ZoneFile::VERSION:1.3 hostname:ns1.example.com latest:110.0.1`.
 * Only `(update_time):` is needed; unknown words are passed over.
 */
export function parseStamp(text: string): ZoneStamp | null {
  for (const line of text.slice(0, 4_096).split(/\r\n|\r|\n/, 5)) {
    if (!line.startsWith(";")) return null;
    const seconds = Number(/\(?update_time\)?:(\d{1,12})(?!\d)/.exec(line)?.[1]);
    if (!(seconds <= MAX_SECONDS)) continue;
    const hostname = /(?:^|\s)hostname:([A-Za-z0-9._-]{1,255})(?:\s|$)/.exec(line)?.[1];
    return hostname === undefined ? { updatedAt: seconds * 1000 } : { updatedAt: seconds * 1000, hostname };
  }
  return null;
}

/**
 * The stamp line that WHM understands, without a line end.
 * @param stamp.updatedAt epoch milliseconds; rounded down to seconds. @param stamp.version of this program.
 */
export function formatStamp(stamp: { updatedAt: number; hostname: string; version: string }): string {
  const word = (text: string): string => text.replace(/[^\w.:-]/g, "") || "unknown";
  const version = word(stamp.version);
  const seconds = Math.max(0, Math.floor(stamp.updatedAt / 1000));
  return `; cPanel first:${version} (update_time):${seconds} hostname:${word(stamp.hostname)} latest:${version}`;
}
