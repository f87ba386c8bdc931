import { z } from "zod";
import type { ZoneDiff } from "@/lib/dns/diff";
import type { CopyStamp } from "@/lib/dns/newest";
import type { PlanStep } from "@/lib/sync/plan";
import type { PlanMark } from "@/lib/sync/plan-marks";
import type { SyncItem as ItemRow, SyncJob as JobRow } from "@/prisma/generated/sqlite/client";
import type { SyncChoice } from "./schemas";

/**
 * A job's way:
 *
 *     planning ─► ready ─► applying ⇄ paused ─► done
 *         │         └─ an empty plan ────────────┘
 *         ├─► failed (nobody could be asked)
 *         └─► cancelled, from everywhere but the ends
 */
export type JobState = "planning" | "ready" | "applying" | "paused" | "done" | "cancelled" | "failed";

/** What is still to end. */
export const OPEN_STATES: readonly JobState[] = ["planning", "ready", "applying", "paused"];

/** How far one step is. `sent`: the engine was asked to send the zone; `changed`: the world moved since the plan, nothing was done. */
export type ItemState = "planned" | "left-out" | "sent" | "done" | "changed" | "failed" | "cancelled";

/** What one member answered while the plan was made. */
export interface PlannedMember {
  readonly id: number;
  readonly name: string;
  readonly role: string;
  /** Zones it holds; null when it could not be asked, or was asked for one zone only. */
  readonly zones: number | null;
  /** Why nothing is planned with it; null: it answered. */
  readonly problem: string | null;
  /** How it was compared, where that says less than usual. */
  readonly note: string | null;
  /** It holds far fewer zones than it is known to have had. */
  readonly hasLostZones: boolean;
  /** It is root's, in a job about an account whose zones go to root's cluster: whoever has the account is not told which server it is. */
  readonly isShared: boolean;
}

const plannedMembers = z.array(
  z.object({
    id: z.number(),
    name: z.string(),
    role: z.string(),
    zones: z.number().nullable(),
    problem: z.string().nullable(),
    note: z.string().nullable(),
    hasLostZones: z.boolean(),
    isShared: z.boolean().default(false),
  }),
);

/** A job as its row says. Instants are epoch milliseconds. */
export interface SyncJob {
  readonly id: number;
  readonly choice: SyncChoice;
  readonly zone: string | null;
  readonly memberId: number | null;
  readonly addMissing: boolean;
  /** The account whose zones and cluster it is about; null: the whole server. */
  readonly accountId: number | null;
  readonly state: JobState;
  readonly planHash: string | null;
  readonly compared: number;
  readonly members: readonly PlannedMember[];
  readonly actorName: string;
  readonly createdAt: number;
  readonly plannedAt: number | null;
  readonly finishedAt: number | null;
  readonly error: string | null;
  /** The change set of what was taken in, by which it can be undone; null: nothing was. */
  readonly changeSetId: number | null;
}

const instant = (value: bigint | null) => (value === null ? null : Number(value));

export function jobOf(row: JobRow): SyncJob {
  return {
    id: row.id,
    choice: row.choice as SyncChoice,
    zone: row.zone,
    memberId: row.memberId,
    addMissing: row.addMissing,
    accountId: row.accountId,
    state: row.state as JobState,
    planHash: row.planHash,
    compared: row.compared,
    members: plannedMembers.parse(JSON.parse(row.members)),
    actorName: row.actorName,
    createdAt: Number(row.createdAt),
    plannedAt: instant(row.plannedAt),
    finishedAt: instant(row.finishedAt),
    error: row.error,
    changeSetId: row.changeSetId,
  };
}

/** A step as its row says. */
export interface SyncItem {
  readonly id: number;
  readonly zone: string;
  readonly memberId: number;
  /** none: nothing can be done, `message` says why. */
  readonly action: PlanStep["action"] | "none";
  readonly kind: PlanStep["kind"] | "problem";
  readonly there: CopyStamp | null;
  readonly wanted: CopyStamp | null;
  /** This server's change of the zone when it was planned; 0: it never had the zone. */
  readonly hereSeq: number;
  readonly records: number;
  readonly marks: readonly PlanMark[];
  readonly diff: ZoneDiff | null;
  readonly state: ItemState;
  readonly message: string | null;
  readonly at: number | null;
}

export function itemOf(row: ItemRow): SyncItem {
  return {
    id: row.id,
    zone: row.zone,
    memberId: row.memberId,
    action: row.action as SyncItem["action"],
    kind: row.kind as SyncItem["kind"],
    there: row.there === null ? null : (JSON.parse(row.there) as CopyStamp),
    wanted: row.wanted === null ? null : (JSON.parse(row.wanted) as CopyStamp),
    hereSeq: Number(row.hereSeq),
    records: row.records,
    marks: JSON.parse(row.marks) as PlanMark[],
    diff: row.diff === null ? null : (JSON.parse(row.diff) as ZoneDiff),
    state: row.state as ItemState,
    message: row.message,
    at: instant(row.at),
  };
}
