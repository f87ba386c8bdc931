import type { Actor } from "@/lib/access/actor";
import type { Context } from "@/lib/context";
import { applyChanges, type ChangeConflict, type ZoneChange } from "@/lib/dns/changes";
import { diffZones, type ZoneDiff } from "@/lib/dns/diff";
import { validateZone } from "@/lib/dns/validate";
import type { ZoneProblem } from "@/lib/dns/zone";
import { getZone } from "./queries";
import { diffRevisions, type RevisionRow, revisionsAfter } from "./queries-history";
import { type TargetNotes, targetNotes } from "./queries-target-notes";

/** What saving would do, computed on the newest revision. */
export interface ChangePreview {
  /** The newest revision: what a save is based on after this review. */
  readonly currentSeq: number;
  readonly serial: number;
  /** From the newest revision to what would be saved, edits in conflict left out. */
  readonly diff: ZoneDiff;
  /** Errors, and the warnings that the edits bring. */
  readonly problems: readonly ZoneProblem[];
  readonly conflicts: readonly ChangeConflict[];
  /** What members that cannot hold all of the zone would leave out of it. */
  readonly targetNotes: readonly TargetNotes[];
  /** What others saved since the editor's base; null when nobody did. */
  readonly between: { readonly revisions: readonly RevisionRow[]; readonly diff: ZoneDiff | null } | null;
}

/**
 * Shows a change before it is saved: the same computation as `editZone`, without saving.
 * @param input.baseSeq the revision on which the edits were made
 * @throws AppError "not-found"
 */
export async function previewChanges(
  ctx: Context,
  actor: Actor,
  input: { name: string; changes: readonly ZoneChange[]; baseSeq: number },
): Promise<ChangePreview> {
  const current = await getZone(ctx, actor, input.name);
  const { zone, conflicts } = applyChanges(current.zone, input.changes);
  const known = new Set(current.problems.map(problemKey));
  const isNew = (problem: ZoneProblem) => problem.severity === "error" || !known.has(problemKey(problem));
  const isBase = current.seq === input.baseSeq;
  return {
    currentSeq: current.seq,
    serial: current.serial,
    diff: diffZones(current.zone, zone),
    problems: validateZone(zone).filter(isNew),
    conflicts,
    targetNotes: await targetNotes(ctx, actor, zone),
    between: isBase ? null : await changesBetween(ctx, actor, input.name, input.baseSeq, current.seq),
  };
}

const problemKey = (problem: ZoneProblem) => `${problem.code} ${problem.owner} ${problem.type} ${problem.message}`;

async function changesBetween(ctx: Context, actor: Actor, name: string, from: number, to: number) {
  const revisions = await revisionsAfter(ctx, actor, { name, seq: from });
  const isBaseKept = revisions.isBaseKept;
  const diff = isBaseKept ? (await diffRevisions(ctx, actor, { name, from, to })).diff : null;
  return { revisions: revisions.rows, diff };
}
