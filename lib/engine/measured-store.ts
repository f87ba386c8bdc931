import { commitTimes } from "@/lib/metrics/commit-times";
import { meter } from "@/lib/metrics/meter";
import type { SyncStore, TargetState, Verified } from "@/lib/sync/ports";

/** Changes that were accepted and not seen served yet; of more than these the oldest are not followed further. */
const MOST_AWAITED = 50_000;

/** The same store, which counts for the metrics what it stores: of a change at a target, only its first sending is timed. Without a meter it costs nothing. */
export function measuredStore(store: SyncStore): SyncStore {
  /** When a change that a target accepted was committed, until it is seen served: what is looked up again later tells nothing of its way. */
  const awaited = new Map<string, number>();
  const keyOf = (target: TargetState, seq: number) => `${target.id}/${seq}`;

  function countServed(target: TargetState, { due, state, at }: Verified): void {
    const key = keyOf(target, due.seq);
    const committedAt = state === "served" ? awaited.get(key) : undefined;
    if (committedAt === undefined) return;
    awaited.delete(key);
    meter()?.observe("zonefleet_propagation_seconds", stage(target, "served"), (at - committedAt) / 1_000);
  }

  return {
    ...store,
    async record(target, result) {
      const delivered = await store.record(target, result);
      const counting = meter();
      if (!counting) return delivered;
      const { accepted, setAside, now } = result;
      if (accepted.length > 0) counting.count("zonefleet_accepted_zones_total", memberOf(target), accepted.length);
      for (const { zone, isSent } of accepted) {
        const committedAt = isSent && delivered.has(zone.seq) ? commitTimes.of(zone.seq) : undefined;
        // What was there before the target was is a first synchronization: it tells nothing of how fast changes are.
        if (committedAt === undefined || committedAt < target.createdAt) continue;
        counting.observe(
          "zonefleet_propagation_seconds",
          stage(target, "accepted"),
          Math.max(now - committedAt, 0) / 1_000,
        );
        awaited.set(keyOf(target, zone.seq), committedAt);
        const [oldest] = awaited.keys();
        if (awaited.size > MOST_AWAITED && oldest !== undefined) awaited.delete(oldest);
      }
      for (const { kind } of setAside) counting.count("zonefleet_failures_total", { scope: "zone", kind });
      return delivered;
    },
    async recordFailure(target, failure) {
      await store.recordFailure(target, failure);
      // A member's are counted where they are recorded for the member (lib/members/record).
      if (target.memberId === null) meter()?.count("zonefleet_failures_total", { scope: "local", kind: failure.kind });
    },
    async recordVerified(target, verified) {
      await store.recordVerified(target, verified);
      for (const result of verified) {
        meter()?.count("zonefleet_verifications_total", { result: result.state });
        countServed(target, result);
      }
    },
  };
}

const memberOf = ({ memberId }: TargetState) => ({ member: memberId === null ? "local" : String(memberId) });
const stage = (target: TargetState, name: "accepted" | "served") => ({ ...memberOf(target), stage: name });
