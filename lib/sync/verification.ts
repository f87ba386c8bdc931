import { compareSerials } from "@/lib/dns/serial";

/** What one address of a target's nameserver answered to a SOA query. */
export type Observation =
  | { readonly kind: "serial"; readonly serial: number }
  /** It does not serve the zone: REFUSED, not authoritative; `isMissing`: it says that there is no such zone, NXDOMAIN. */
  | { readonly kind: "absent"; readonly reason: string; readonly isMissing?: boolean }
  /** No usable answer: time-out, unreachable; `isLame`: SERVFAIL, it knows the zone and cannot serve it; `isUnasked`: this server has no route there, so its other addresses decide. Unknown is never taken for served. */
  | { readonly kind: "unknown"; readonly reason: string; readonly isLame?: boolean; readonly isUnasked?: boolean };

/** `present`: it answers for the zone, by serials of its own, so that nothing can be said of the revision. */
export type ServedState = "served" | "present" | "lagging" | "absent" | "unknown";

const UNASKED = "The target does not say where its nameserver answers.";
const UNASKED_SERVICE =
  "Its nameservers are not known here, so DNS was not asked. Its records were compared through its API.";

/**
 * What the answers of all addresses of a target say together; the worst one counts. Addresses to which this server has no route, as one without IPv6, are left to the
 * others: where those are as they should be, `detail` says what was not asked.
 * @param wanted the acknowledged serial; null: the zone was deleted, served means that no address answers for it any more.
 * @param hasOwnSerials the target numbers zones itself
 */
export function judge(wanted: number | null, observations: readonly Observation[], hasOwnSerials = false): Judgement {
  const asked = observations.filter((seen) => !isUnasked(seen));
  const unasked = observations.find(isUnasked);
  if (asked.length === 0 || unasked?.kind !== "unknown") return judgeAsked(wanted, observations, hasOwnSerials);
  const judged = judgeAsked(wanted, asked, hasOwnSerials);
  return { ...judged, detail: judged.detail ?? unasked.reason };
}

interface Judgement {
  readonly state: ServedState;
  readonly serial: number | null;
  /** A sentence; null: nothing to say. */
  readonly detail: string | null;
}

function judgeAsked(wanted: number | null, observations: readonly Observation[], hasOwnSerials: boolean): Judgement {
  const serial = observations.find((seen) => seen.kind === "serial")?.serial ?? null;
  const unknown = observations.find((seen) => seen.kind === "unknown");
  if (unknown) return { state: "unknown", serial, detail: unknown.reason };
  if (observations.length === 0) return { state: "unknown", serial, detail: hasOwnSerials ? UNASKED_SERVICE : UNASKED };
  if (wanted === null)
    return serial === null
      ? { state: "served", serial, detail: null }
      : { state: "lagging", serial, detail: "It still answers for the deleted zone." };
  const absent = observations.find((seen) => seen.kind === "absent");
  if (absent) return { state: "absent", serial, detail: absent.reason };
  if (hasOwnSerials)
    return {
      state: "present",
      serial,
      detail: `It answers for the zone, with serial ${serial} of its own: DNS does not tell which revision that is. Its records were compared through its API.`,
    };
  const behind = observations.find((seen) => seen.kind === "serial" && seen.serial !== wanted);
  if (behind?.kind !== "serial") return { state: "served", serial: wanted, detail: null };
  const order = compareSerials(behind.serial, wanted);
  const detail =
    order === 1
      ? `It answers with serial ${behind.serial}, newer than ${wanted}.`
      : `It still answers with serial ${behind.serial}.`;
  return { state: "lagging", serial: behind.serial, detail };
}

/** A route that is lost for a moment is back by then: about fifteen seconds. */
const ROUTE_LOOKS = 8;

/**
 * Whether looking again would tell no more: it is there, or no address can be asked from here. The sweep sees when that changes.
 * @param attempts looks before this one
 */
export function isFinal(state: ServedState, observations: readonly Observation[], attempts: number): boolean {
  if (state === "served" || state === "present" || observations.length === 0) return true;
  return attempts >= ROUTE_LOOKS && observations.every(isUnasked);
}

function isUnasked(seen: Observation): boolean {
  return seen.kind === "unknown" && seen.isUnasked === true;
}

/** Pauses between checks of one zone at one target, milliseconds: quick at first, then patient; the last one repeats. */
const VERIFY_DELAYS = [3, 10, 30, 100, 300, 1_000, 3_000, 10_000, 60_000, 300_000] as const;

/** The same at a service that numbers zones itself: it publishes in minutes, on nameservers that the world asks, and there is no latency to measure. */
const SERVICE_DELAYS = [1_000, 5_000, 15_000, 30_000, 60_000, 60_000, 120_000, 300_000] as const;

/** @param attempts checks made so far without finding it served */
export function verifyDelay(attempts: number, hasOwnSerials = false): number {
  const delays = hasOwnSerials ? SERVICE_DELAYS : VERIFY_DELAYS;
  return delays[Math.min(attempts, delays.length - 1)] ?? 300_000;
}
