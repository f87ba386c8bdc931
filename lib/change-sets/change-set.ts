import { type Actor, actorId, actorName } from "@/lib/access/actor";
import type { Queryable } from "@/lib/db/database";
import type { ChangeSet as Row } from "@/prisma/generated/sqlite/client";
import { readWork, type Work } from "./work";

/**
 * What somebody did to several zones in one act. Its revisions carry its number, so that all of it can be taken back. Some are done where they are asked for
 * ("done" from the start); the others are carried out in slices:
 *
 *     planning ─► ready ─► running ─► done          "replace" begins as a plan, "undo" at running
 *         └─────────┴─────────┴─► cancelled         what was done stays
 */
export type ChangeState = "planning" | "ready" | "running" | "done" | "cancelled";

export type ChangeKind = "import" | "delete" | "move" | "sync" | "replace" | "undo";

/** What is still to end. */
export const OPEN_STATES: readonly ChangeState[] = ["planning", "ready", "running"];

/** What became of one zone of a change set that is carried out in slices. "unchanged": there was nothing to do. */
export type ItemState = "planned" | "left-out" | "done" | "unchanged" | "failed" | "cancelled";

/** A change set as its row says. Instants are epoch milliseconds. */
export interface ChangeSet {
  readonly id: number;
  readonly kind: ChangeKind;
  readonly state: ChangeState;
  readonly actorId: number | null;
  readonly actorName: string;
  readonly work: Work;
  readonly undoOf: number | null;
  readonly createdAt: number;
  readonly appliedAt: number | null;
  readonly finishedAt: number | null;
  readonly error: string | null;
}

const instant = (value: number | bigint | null) => (value === null ? null : Number(value));

export function changeSetOf(row: Row): ChangeSet {
  return {
    id: Number(row.id),
    kind: row.kind as ChangeKind,
    state: row.state as ChangeState,
    actorId: row.actorId === null ? null : Number(row.actorId),
    actorName: row.actorName,
    work: readWork(row.work),
    undoOf: row.undoOf === null ? null : Number(row.undoOf),
    createdAt: Number(row.createdAt),
    appliedAt: instant(row.appliedAt),
    finishedAt: instant(row.finishedAt),
    error: row.error,
  };
}

interface NewChangeSet {
  readonly kind: ChangeKind;
  readonly state: "planning" | "running" | "done";
  /** Epoch milliseconds. */
  readonly at: number;
  readonly work?: Work;
  readonly undoOf?: number;
}

/** Opens one, in the transaction that begins the act. One without revisions is shown to nobody, and goes by itself. @returns its number */
export async function createChangeSet(
  tx: Queryable,
  by: Actor | { readonly actorId: number | null; readonly actorName: string },
  { kind, state, at, work = {}, undoOf }: NewChangeSet,
): Promise<number> {
  const who = "kind" in by ? { actorId: actorId(by), actorName: actorName(by) } : by;
  const { id } = await tx.changeSet.create({
    data: {
      ...{ ...who, kind, state, undoOf, work: JSON.stringify(work), createdAt: BigInt(at) },
      ...{ appliedAt: state === "planning" ? null : BigInt(at), finishedAt: state === "done" ? BigInt(at) : null },
    },
    select: { id: true },
  });
  return id;
}
