import { type CopyStamp, compareCopies } from "@/lib/dns/newest";

/**
 * What "Synchronize DNS Records" would do with one zone, computed from what every server holds of it. Pure: the engine collects the facts and carries the
 * steps out.
 *
 *     newest readable copy ─► is it here? no: take it ─► (all servers) who holds another one, or none? send it there
 *     a deletion that is newer than every readable copy ─► (all servers) who still holds what was sent there? remove it
 */

/** What this server holds of a zone. */
export interface CopyHere extends CopyStamp {
  /** It is in the recycle bin, or gone for good: the stamp is that of the deletion. */
  readonly isDeleted: boolean;
}

/** What one member holds of a zone, and what may be done with it. */
export interface CopyThere {
  readonly memberId: number;
  /** null: it does not hold the zone. */
  readonly copy: CopyStamp | null;
  /** Newer copies are taken from it (Standalone, Synchronize). */
  readonly receives: boolean;
  /** Zones are sent to it (Synchronize, Write-only). */
  readonly sends: boolean;
  /** The zone was sent there from here once: only then a deletion is sent as well. */
  readonly wasSent: boolean;
}

export interface PlanScope {
  /** Bring the newest copy to every server, not to this one only. */
  readonly everywhere: boolean;
  /** "Synchronize zones that are not configured on this server". */
  readonly addMissing: boolean;
}

/** One thing to do with one zone between this server and one member. */
export interface PlanStep {
  readonly memberId: number;
  /** take: this server takes the member's copy; send: the member gets the newest copy, or the deletion. */
  readonly action: "take" | "send";
  readonly kind: "add" | "change" | "remove";
  /** What the member holds; null: nothing. The step is void when it holds something else by then. */
  readonly there: CopyStamp | null;
  /** What both will hold; null: nothing. */
  readonly wanted: CopyStamp | null;
  /** A Write-only member holds a newer copy, which is overwritten. */
  readonly overwritesNewer: boolean;
}

/**
 * Plans one zone.
 * @param here null: this server never had the zone
 * @param there members that could be asked; one that could not is left out, and nothing is planned for it
 */
export function planZone(here: CopyHere | null, there: readonly CopyThere[], scope: PlanScope): PlanStep[] {
  if ((here === null || here.isDeleted) && !scope.addMissing) return removals(here, there, scope);
  const source = newestSource(here, there);
  if (source === null) return here === null || here.isDeleted ? removals(here, there, scope) : [];
  const { wanted, from } = source;
  const kind = here === null || here.isDeleted ? "add" : "change";
  const steps: PlanStep[] =
    from === null ? [] : [{ memberId: from, action: "take", kind, there: wanted, wanted, overwritesNewer: false }];
  return scope.everywhere ? [...steps, ...sendings(wanted, there)] : steps;
}

/**
 * The newest copy that may be taken, and the member it is at; `from` null: it is here. null: nobody has one that counts. Equal copies are as old as the youngest
 * stamp of them: each by its own stamp, three copies could be newer than the next in a circle, and no plan would ever be the last.
 */
function newestSource(
  here: CopyHere | null,
  there: readonly CopyThere[],
): { wanted: CopyStamp; from: number | null } | null {
  const held: { readonly copy: CopyStamp; readonly from: number | null }[] = there
    .flatMap(({ memberId, copy, receives }) => (copy && receives ? [{ copy, from: memberId }] : []))
    .sort((a, b) => b.copy.updatedAt - a.copy.updatedAt);
  // A copy counts against a deletion only when it is newer: an older one does not come back.
  if (here?.isDeleted && !held.some(({ copy }) => compareCopies(copy, here) === 1)) return null;
  if (here && !here.isDeleted) held.unshift({ copy: here, from: null });
  const youngest = new Map<string, number>();
  const key = ({ serial, digest }: CopyStamp) => `${serial} ${digest}`;
  for (const { copy } of held)
    youngest.set(key(copy), Math.max(copy.updatedAt, youngest.get(key(copy)) ?? copy.updatedAt));
  let newest: { wanted: CopyStamp; from: number | null } | null = null;
  for (const { copy, from } of held) {
    const wanted = stampOf({ ...copy, updatedAt: youngest.get(key(copy)) ?? copy.updatedAt });
    if (newest === null || compareCopies(wanted, newest.wanted) === 1) newest = { wanted, from };
  }
  return newest;
}

function sendings(wanted: CopyStamp, there: readonly CopyThere[]): PlanStep[] {
  return there.flatMap(({ memberId, copy, sends }): PlanStep[] => {
    if (!sends || (copy && isSame(copy, wanted))) return [];
    const overwritesNewer = copy !== null && compareCopies(copy, wanted) === 1;
    return [{ memberId, action: "send", kind: copy ? "change" : "add", there: copy, wanted, overwritesNewer }];
  });
}

/** Nothing is ever removed but what a deletion here removes: at members that got the zone from here and hold no newer copy, which would come back. */
function removals(here: CopyHere | null, there: readonly CopyThere[], { everywhere }: PlanScope): PlanStep[] {
  if (!here?.isDeleted || !everywhere) return [];
  return there.flatMap(({ memberId, copy, receives, sends, wasSent }): PlanStep[] => {
    if (!copy || !sends || !wasSent) return [];
    const overwritesNewer = compareCopies(copy, here) === 1;
    if (overwritesNewer && receives) return [];
    return [{ memberId, action: "send", kind: "remove", there: copy, wanted: null, overwritesNewer }];
  });
}

/** Whether two copies are one: the same records under the same serial. */
export function isSame(a: CopyStamp, b: CopyStamp): boolean {
  return a.serial === b.serial && a.digest === b.digest;
}

function stampOf({ serial, digest, updatedAt }: CopyStamp): CopyStamp {
  return { serial, digest, updatedAt };
}
