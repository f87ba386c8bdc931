import type { DnsAddress } from "@/lib/drivers/driver";
import type { SyncPorts, TargetState, Verified } from "./ports";
import { findProblem } from "./problem";
import { isFinal, judge, verifyDelay } from "./verification";

/** How many zones one round asks for. */
const ROUND = 500;
/**
 * Milliseconds for each zone of a round until the next look at those that are not served yet. Asking for one and noting the answer takes a third of it: a bulk
 * that a nameserver is still loading must not cost it, and us, more than the loading does.
 */
const REST_PER_ZONE_MS = 1;

export interface VerifyResult {
  /** Zones of which more is known now than before. */
  readonly news: readonly string[];
  /** There may be more that is due now. */
  readonly hasMore: boolean;
  /** Epoch milliseconds at which the first of the zones that are not served yet is due again; null: none is. */
  readonly nextAt: number | null;
}

const NOTHING: VerifyResult = { news: [], hasMore: false, nextAt: null };

/** Where and how a target's nameserver is asked. */
export interface Nameserver {
  readonly addresses: readonly DnsAddress[];
  /** It numbers zones itself (DriverCapabilities.ownSerials). */
  readonly hasOwnSerials: boolean;
}

/** One round of looking over DNS whether acknowledged changes are served. Apart from writing: an acknowledgement is never proof. */
export async function verifyStep(
  ports: SyncPorts,
  target: TargetState,
  { addresses, hasOwnSerials }: Nameserver,
  signal: AbortSignal,
): Promise<VerifyResult> {
  const due = await ports.store.verifyDue(target.id, ports.now(), ROUND);
  if (due.length === 0) return NOTHING;
  const seen = await ports.observe(
    addresses,
    due.map((zone) => zone.name),
    signal,
  );
  if (signal.aborted) return NOTHING;
  const at = ports.now();
  const rest = due.length * REST_PER_ZONE_MS;
  const nextAfter = (attempts: number) => at + Math.max(verifyDelay(attempts, hasOwnSerials), rest);
  const verified = due.map((zone): Verified => {
    const answers = seen.get(zone.name) ?? [];
    const { state, serial, detail } = judge(zone.serial, answers, hasOwnSerials);
    const found = findProblem({ serial: zone.serial, newestSerial: zone.newestSerial, hasOwnSerials }, answers);
    return {
      due: zone,
      state,
      observedSerial: serial,
      detail: found?.detail ?? detail,
      problem: found?.problem ?? null,
      at,
      nextAt: isFinal(state, answers, zone.attempts) ? null : nextAfter(zone.attempts),
    };
  });
  await ports.store.recordVerified(target, verified);
  const waits = verified.flatMap(({ nextAt }) => nextAt ?? []);
  return {
    news: verified.filter((zone) => zone.nextAt === null || zone.due.attempts === 0).map((zone) => zone.due.name),
    hasMore: due.length === ROUND,
    nextAt: waits.length > 0 ? Math.min(...waits) : null,
  };
}
