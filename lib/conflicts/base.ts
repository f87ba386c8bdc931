/**
 * Two copies of a zone meet, and one is replaced by the other. That is a conflict when the one that goes was changed since both sides had the same, and the one that
 * stays was made without that change: then it is lost to whoever made it. Edits that follow each other on one side are none.
 */
export interface Encounter {
  /** This server's copy goes, or the other side's. This server's was made here: what came from another server is that server's to miss. */
  readonly isOursLost: boolean;
  /** The other side accepted this server's copy before. */
  readonly hadOurs: boolean;
  /** The newest revision before this server's copy that the other side accepted, or sent; null: nothing is known that both had. */
  readonly common: number | null;
  /** Another server accepted this server's copy, and may have handed it on. */
  readonly isElsewhere: boolean;
  /** The revision before this server's copy. */
  readonly parent: number | null;
  /** The other side's copy was here before: it is old, and was sent late or once more. */
  readonly isKnown: boolean;
  /** The same serial with other records: neither was made from the other (lib/zones/contest). */
  readonly isContested: boolean;
}

/**
 * What the copy that goes was made from: the change from there is what may be lost.
 * @returns the position of a revision; "nothing": it was made for itself; "ours": from this server's copy; null: it is no conflict, or nobody can know
 */
export function baseOf(encounter: Encounter): number | "nothing" | "ours" | null {
  const { isOursLost, hadOurs, common, isElsewhere, parent, isKnown, isContested } = encounter;
  if (!isOursLost) {
    if (isKnown) return null;
    if (hadOurs) return "ours";
    return common ?? (isContested ? "nothing" : null);
  }
  if (hadOurs) return null;
  if (common !== null) return common;
  // On its way over others the copy may have come to the other side: then what comes was made from it, and has its change.
  return isElsewhere ? parent : "nothing";
}
