import type { DnsAddress, Driver, RemoteZone, ReplacedCopy } from "@/lib/drivers/driver";
import type { DriverErrorKind } from "@/lib/errors";
import type { Cursor } from "./cursor";
import type { LoneFailures } from "./lone-failures";
import type { Problem } from "./problem";
import type { Reach } from "./reach";
import type { Observation, ServedState } from "./verification";

/** What the reconciler needs of the world. The engine gives the database and real drivers; its model test gives memory and faults. */

/** A target as it stands in the database. */
export interface TargetState {
  readonly id: number;
  /** null: the local nameserver. */
  readonly memberId: number | null;
  readonly cursor: Cursor;
  /** Which zones it is to have. */
  readonly reach: Reach;
  /** The reach is another one than the cursor was moved with: zones that changed long before may be due here now. */
  readonly needsReopen: boolean;
  /** Ask what it holds before anything is sent. */
  readonly needsCompare: boolean;
  /** Failures of the whole target in a row. */
  readonly attempts: number;
  /** Epoch milliseconds before which nothing is sent; 0: at once. */
  readonly retryAt: number;
  /** When it became a target, epoch milliseconds. */
  readonly createdAt: number;
}

/** A zone that may have to be applied to a target. */
export interface DueZone {
  readonly zoneId: number;
  readonly name: string;
  /** Position of its newest change. */
  readonly seq: number;
  readonly serial: number;
  readonly digest: string;
  readonly updatedAt: number;
  readonly recordCount: number;
  readonly isDeleted: boolean;
  /** Whether the target is to have this zone. What is due only because it changed may be somebody else's. */
  readonly isReached: boolean;
  /**
   * The copy at a target which is not to have the zone (any more) shall go: somebody confirmed it. The zone is then due as deleted, with the serial and digest
   * of that copy, and only that very copy goes.
   */
  readonly isWithdrawn: boolean;
  /** It is to be loaded there once more, also where the target says that it holds it. */
  readonly isForced: boolean;
  /** The member that the newest revision came from. */
  readonly originMemberId: number | null;
  /** What the target acknowledged last; null: nothing, ever. */
  readonly acknowledged: { readonly seq: number; readonly serial: number; readonly digest: string } | null;
  /** Whether it was ever sent there, whatever became of it. */
  readonly wasSent: boolean;
  /** The change that was set aside, if any, and how often it failed. */
  readonly failedSeq: number | null;
  readonly failedKind: DriverErrorKind | null;
  readonly attempts: number;
}

/** A zone that the target took. */
export interface AcceptedZone {
  readonly zone: DueZone;
  readonly notes: readonly string[];
  /** Whether it has to be looked up over DNS; not for a zone that was never sent. */
  readonly verify: boolean;
  /** Not where it was acknowledged because nothing had to be sent. */
  readonly isSent: boolean;
}

export interface SetAsideZone {
  readonly zone: DueZone;
  readonly kind: DriverErrorKind;
  readonly message: string;
  /** Failures in a row, this one included. */
  readonly attempts: number;
  /** Epoch milliseconds; null: it is not tried again, and what was asked for is over. */
  readonly retryAt: number | null;
}

/** The target as a whole failed: it waits until `retryAt`. */
export interface TargetFailure {
  readonly kind: DriverErrorKind;
  readonly message: string;
  readonly retryAt: number;
}

/** What a step leaves behind. */
export interface StepRecord {
  readonly cursor: Cursor;
  /**
   * What the step says of the target. "answers": what failed before is over. "is-back": as well, and what was set aside while it took nothing is tried at once.
   * "unsaid": nothing.
   */
  readonly verdict: "answers" | "is-back" | "unsaid" | TargetFailure;
  readonly accepted: readonly AcceptedZone[];
  readonly setAside: readonly SetAsideZone[];
  /** Zones that were to be tried again and need it no more: they are not the target's any longer, or are there as wanted. */
  readonly released: readonly DueZone[];
  readonly now: number;
}

/** An acknowledged change that was not seen served yet. */
export interface VerifyDue {
  readonly zoneId: number;
  readonly name: string;
  readonly seq: number;
  /** null: deleted. */
  readonly serial: number | null;
  /** Of the zone's newest change, which may be on its way. */
  readonly newestSerial: number;
  /** Something was wrong with it the last time. */
  readonly hasProblem: boolean;
  readonly attempts: number;
}

export interface Verified {
  readonly due: VerifyDue;
  readonly state: ServedState;
  readonly observedSerial: number | null;
  readonly detail: string | null;
  /** What is wrong with it; counts when the acknowledgement is older than PROBLEM_GRACE_MS. */
  readonly problem: Problem | null;
  /** Epoch milliseconds of the answer. */
  readonly at: number;
  /** Epoch milliseconds of the next check; null when it is served, or when DNS cannot tell more. */
  readonly nextAt: number | null;
}

/**
 * The state of targets. Every method is one transaction; a writing one fails with `LeaseLost` when another engine took the target over.
 */
export interface SyncStore {
  /** The newest committed position of the change sequence. */
  head(): Promise<number>;
  /** Zones after `position`, oldest change first; also those that the target does not reach, for the cursor to pass them. */
  live(target: TargetState, position: number, limit: number): Promise<DueZone[]>;
  /** Zones within the target's reach in (floor, upTo] that are neither acknowledged nor set aside, newest change first. */
  backlog(target: TargetState, floor: number, upTo: number, limit: number): Promise<DueZone[]>;
  /** Zones set aside, and those to be withdrawn, whose time has come. */
  retries(target: TargetState, now: number, limit: number): Promise<DueZone[]>;
  /** Canonical texts by position. A missing one was superseded and is not wanted any more. */
  texts(positions: readonly number[]): Promise<Map<number, string>>;
  /** Stores that these zones are about to be sent there for the first time: from then on their deletion is sent as well. */
  recordFirstSending(target: TargetState, zones: readonly DueZone[]): Promise<void>;
  /** Stores the results of a step, the cursor, and what they say of the target. @returns positions of accepted changes that the target had not accepted before */
  record(target: TargetState, result: StepRecord): Promise<ReadonlySet<number>>;
  /** Stores that the target as a whole failed; the cursor stays. */
  recordFailure(target: TargetState, failure: TargetFailure & { readonly now: number }): Promise<void>;
  /** Opens everything that was seen as backlog, for a reach that grew; acknowledgements stay. @returns the target as it is then */
  reopen(target: TargetState): Promise<TargetState>;
  /** Voids every acknowledgement of the target and opens everything up to `head` as backlog; `needsCompare` stays set. */
  beginCompare(target: TargetState, head: number): Promise<TargetState>;
  /** Acknowledges what the target was found to hold as we want it. @returns how many */
  acknowledgeMatches(target: TargetState, zones: readonly RemoteZone[], now: number): Promise<number>;
  endCompare(target: TargetState): Promise<void>;
  /** Acknowledged changes whose next check is due. */
  verifyDue(targetId: number, now: number, limit: number): Promise<VerifyDue[]>;
  recordVerified(target: TargetState, verified: readonly Verified[]): Promise<void>;
}

/** Another engine holds the target: stop, write nothing. */
export class LeaseLost extends Error {
  override readonly name = "LeaseLost";
}

/** What became of a member's copy here: it is a new change of the zone; it is what we have already; or it was refused. */
export type TakenIn = { readonly status: "taken" | "same" } | { readonly status: "refused"; readonly message: string };

export interface SyncPorts {
  readonly store: SyncStore;
  readonly lone: LoneFailures;
  readonly now: () => number;
  /** 0 … 1 */
  readonly random: () => number;
  /** Takes a copy in that the target says it holds newer than we do. */
  takeIn(memberId: number, zone: { name: string; text: string; updatedAt: number }): Promise<TakenIn>;
  /** Keeps a copy that is about to be replaced at a member, before it is. Called again for the same copy when the sending fails. */
  keepReplaced?(memberId: number, copy: ReplacedCopy): Promise<void>;
  /** Takes everything in that the target holds newer, before it is compared: then nothing is written that it would have won. @throws DriverError */
  takeNewer?(target: TargetState, driver: Driver, signal: AbortSignal): Promise<void>;
  /** Asks every address for the SOA of every zone. @returns observations by zone name, one for each address. */
  observe(
    addresses: readonly DnsAddress[],
    names: readonly string[],
    signal: AbortSignal,
  ): Promise<Map<string, Observation[]>>;
}
