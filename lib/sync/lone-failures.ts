/**
 * Zones that failed alone at a target which answers otherwise: too large for it, or something in it that breaks it. Where one after the other fails so and none
 * gets through, the target takes nothing, and it is the target's failure as any other.
 *
 *     fails alone ─► suspected ─┬─► another zone gets through ─► its own trouble: from then on it says nothing of the target
 *                               ├─► it gets through itself ────► neither it nor the others were to blame
 *                               └─► DIFFERENT_ZONES of them ───► the target fails, again with every further try, until a zone gets through
 *
 * In memory only: after a restart, or when another engine took the target over, it is found out again, three zones later.
 */
export interface LoneFailures {
  /** Zones failed and none got through since: the next one goes alone, to tell whether it was they. */
  isSuspecting(targetId: number): boolean;
  /** A zone failed alone. @returns whether that is the target's failure */
  fail(targetId: number, zoneId: number): boolean;
  /** The target said what became of these zones. @returns whether it is the end of a failure of the target */
  getThrough(targetId: number, zoneIds: readonly number[]): boolean;
  /** Somebody else worked on the target meanwhile. */
  forget(targetId: number): void;
}

/**
 * One zone may be too large for a member, and a second one that was imported with it as well. Of more in a row a member that works would have taken one: a fresh
 * zone goes before those that failed already.
 */
const DIFFERENT_ZONES = 3;

export function createLoneFailures(): LoneFailures {
  const targets = new Map<number, { readonly suspected: Set<number>; readonly own: Set<number> }>();
  const isTargets = (suspected: ReadonlySet<number>) => suspected.size >= DIFFERENT_ZONES;

  return {
    isSuspecting: (targetId) => (targets.get(targetId)?.suspected.size ?? 0) > 0,
    fail(targetId, zoneId) {
      const { suspected, own } = targets.get(targetId) ?? { suspected: new Set(), own: new Set() };
      targets.set(targetId, { suspected, own });
      if (!own.has(zoneId)) suspected.add(zoneId);
      return isTargets(suspected);
    },
    getThrough(targetId, zoneIds) {
      const known = targets.get(targetId);
      if (!known) return false;
      const { suspected, own } = known;
      const isBack = isTargets(suspected);
      if (zoneIds.some((id) => suspected.has(id) || own.has(id))) targets.delete(targetId);
      else targets.set(targetId, { suspected: new Set(), own: new Set([...own, ...suspected]) });
      return isBack;
    },
    forget(targetId) {
      targets.delete(targetId);
    },
  };
}
