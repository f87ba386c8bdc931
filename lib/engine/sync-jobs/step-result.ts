import type { CopyStamp } from "@/lib/dns/newest";
import { isSame } from "@/lib/sync/plan";
import type { ItemState, SyncItem } from "@/lib/sync-jobs/job";
import type { ReceiveOutcome } from "@/lib/zones/receive";
import type { StoredZone } from "@/lib/zones/zone-row";

/** What became of a step in a slice; "sent" waits for the engine. */
export interface Result {
  readonly item: SyncItem;
  readonly state: ItemState;
  readonly message?: string;
  readonly seq?: number;
}

/** Told of a step whose zone is no longer as it was when the plan was made. */
export const MOVED_HERE = "The zone was changed on this server after the plan was made.";
export const MOVED_THERE = "The server’s copy was changed after the plan was made.";
export const GONE = "It is gone already.";

/** Something else, or the very copy that was to be taken: the engine takes newer copies in by itself as well, and a server may be stopped before it noted the step. */
export function movedHere({ wanted }: SyncItem, here: StoredZone | undefined): Pick<Result, "state" | "message"> {
  const isThere = here !== undefined && here.deletedAt === null && wanted !== null && isSame(here, wanted);
  return isThere ? { state: "done", message: "It was taken in meanwhile." } : { state: "changed", message: MOVED_HERE };
}

export function sameCopy(a: CopyStamp | null, b: CopyStamp | null): boolean {
  return a === null || b === null ? a === b : isSame(a, b);
}

export function takenIn(outcome: ReceiveOutcome | undefined): Pick<Result, "state" | "message"> {
  if (outcome?.status === "newer-here") return { state: "changed", message: MOVED_HERE };
  if (outcome?.status === "refused") return { state: "failed", message: outcome.message };
  return outcome ? { state: "done" } : { state: "failed", message: "The server did not give the zone out." };
}
