/**
 * Two servers that write one zone without looking undo each other's changes. A zone carries a mark while that goes on: from the moment when a copy comes that was
 * not made from the one that is here, until nothing of the kind was seen for {@link CONTEST_DAYS} days, or root says that one writer was kept.
 */

/** Long enough for a server that writes once a week; a mark that nothing renews any more ends by itself. */
export const CONTEST_DAYS = 14;

/** Marks set before this instant are over. @param now epoch milliseconds */
export function contestedSince(now: number): number {
  return now - CONTEST_DAYS * 86_400_000;
}

/** How a copy that comes stands to the one that is here. */
export interface Meeting {
  /** Of the serials by RFC 1982. */
  readonly isNewerSerial: boolean;
  readonly isSameSerial: boolean;
  readonly isSameContent: boolean;
  /** The copy that is here came from the same server. */
  readonly isSameWriter: boolean;
  /** The sender accepted the copy that is here before. */
  readonly hadOurs: boolean;
  /** A Zonefleet server: its serials grow with every edit, so that an equal one says that it did not start from ours. */
  readonly isPeer: boolean;
  /** It said itself that it does not look (Write-only). A WHM does not tell. */
  readonly isBlind: boolean;
}

/** Whether the copy that comes was made without the one that is here, so that one of the two is lost to its author. */
export function isContested(meeting: Meeting): boolean {
  const { isNewerSerial, isSameSerial, isSameContent, isSameWriter, hadOurs, isBlind } = meeting;
  if (isSameContent || isSameWriter) return false;
  if (hadOurs && (isNewerSerial || !meeting.isPeer)) return false;
  // An older serial is never made from a newer one, but only who does not look has it stored.
  return isSameSerial || !isNewerSerial || isBlind;
}
