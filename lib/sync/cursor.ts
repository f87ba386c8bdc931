/**
 * Which changes a target has not been considered for yet. Two intervals of the change sequence say it:
 *
 *     0 ────── floor ▒▒▒▒▒▒▒▒▒ backlog ────────── seen ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒ ∞
 *              └ (floor, backlog]: worked off      └ (seen, ∞): live, taken first,
 *                from its upper end downwards        oldest first
 *
 * A zone stands at the position of its newest change only, so an edit moves it out of the backlog into the live interval: it overtakes,
 * and is never sent twice. Every position outside of the two intervals belongs to a zone that was acknowledged, set aside, or has moved on.
 * Positions may be considered again (a crash before the cursor was stored, a fold): the acknowledgement in the database then says
 * that there is nothing to do.
 */
export interface Cursor {
  readonly floor: number;
  readonly backlog: number;
  readonly seen: number;
}

/** A target that nothing was considered for. */
export const freshCursor: Cursor = { floor: 0, backlog: 0, seen: 0 };

export function hasBacklog(cursor: Cursor): boolean {
  return cursor.backlog > cursor.floor;
}

/** Too much is live to be called live (an import, a long outage): everything up to `head` becomes backlog, so that the next edit overtakes it. */
export function fold(cursor: Cursor, head: number): Cursor {
  if (head <= cursor.seen) return cursor;
  return { floor: hasBacklog(cursor) ? cursor.floor : cursor.seen, backlog: head, seen: head };
}

/** The live changes up to and including `position` were considered. */
export function passLive(cursor: Cursor, position: number): Cursor {
  return position <= cursor.seen ? cursor : { ...cursor, seen: position };
}

/**
 * The backlog from its upper end down to `lowest` was considered.
 * @param lowest the lowest position considered; null: there was nothing left in it.
 */
export function passBacklog(cursor: Cursor, lowest: number | null): Cursor {
  if (lowest === null || lowest - 1 <= cursor.floor) return { ...cursor, backlog: cursor.floor };
  return { ...cursor, backlog: Math.min(cursor.backlog, lowest - 1) };
}

/** Whether `position` is still to be considered. */
export function isOpen(cursor: Cursor, position: number): boolean {
  return position > cursor.seen || (position > cursor.floor && position <= cursor.backlog);
}
