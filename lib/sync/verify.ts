import type { DnsAddress } from "@/lib/drivers/driver";
import type { SyncPorts, TargetState, Verified } from "./ports";
import { judge, verifyDelay } from "./verification";

/** How many zones one round asks for. */
const ROUND = 500;

/**
 * One round of looking over DNS whether acknowledged changes are served. Apart from writing: an acknowledgement is never proof.
 * @returns the zones that were asked for; none: nothing is due now
 */
export async function verifyStep(
  ports: SyncPorts,
  target: TargetState,
  addresses: readonly DnsAddress[],
  signal: AbortSignal,
): Promise<string[]> {
  const due = await ports.store.verifyDue(target.id, ports.now(), ROUND);
  if (due.length === 0) return [];
  const seen = await ports.observe(
    addresses,
    due.map((zone) => zone.name),
    signal,
  );
  if (signal.aborted) return [];
  const at = ports.now();
  const verified = due.map((zone): Verified => {
    const { state, serial, detail } = judge(zone.serial, seen.get(zone.name) ?? []);
    return {
      due: zone,
      state,
      observedSerial: serial,
      detail,
      at,
      nextAt: state === "served" ? null : at + verifyDelay(zone.attempts),
    };
  });
  await ports.store.recordVerified(target, verified);
  return due.map((zone) => zone.name);
}
