/** Positions of the change sequence: after the first, up to and including the second. */
export type Range = readonly [after: number, upTo: number];

/** The same positions as ranges that do not touch, so that each is counted once however many targets wait for it. */
export function mergeRanges(ranges: readonly Range[]): Range[] {
  const merged: [number, number][] = [];
  for (const [after, upTo] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const last = merged.at(-1);
    if (upTo <= after) continue;
    if (last && after <= last[1]) last[1] = Math.max(last[1], upTo);
    else merged.push([after, upTo]);
  }
  return merged;
}
