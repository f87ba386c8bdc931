import type { SyncPorts } from "@/lib/sync/ports";
import type { Observation } from "@/lib/sync/verification";
import { querySoa, querySoaMany } from "@/lib/wire/query";
import type { SoaAnswer } from "@/lib/wire/soa-answer";

/** Longest wait for one answer, milliseconds, resends included. */
const TIMEOUT_MS = 2_000;

/** What an answer says of the zone. */
export function observation(answer: SoaAnswer): Observation {
  switch (answer.status) {
    case "answered":
      return { kind: "serial", serial: answer.serial };
    case "nxdomain":
      return { kind: "absent", reason: answer.reason, isMissing: true };
    case "refused":
    case "not-authoritative":
      return { kind: "absent", reason: answer.reason };
    case "servfail":
      return { kind: "unknown", reason: answer.reason, isLame: true };
    case "unreachable":
      return { kind: "unknown", reason: answer.reason, isUnasked: answer.hasNoRoute };
    default:
      return { kind: "unknown", reason: answer.reason };
  }
}

/** Why nothing came back at all; null: something did. */
export function silenceReason(answer: SoaAnswer): string | null {
  return answer.status === "timeout" || answer.status === "unreachable" ? answer.reason : null;
}

/** Asks every address over DNS. A silent address is asked for one zone first, so that it costs one time-out and not one a zone. */
export const observe: SyncPorts["observe"] = async (addresses, names, signal) => {
  const seen = new Map<string, Observation[]>(names.map((name) => [name, []]));
  const ask = async (address: (typeof addresses)[number]): Promise<Observation[]> => {
    const [first, ...rest] = names;
    if (first === undefined) return [];
    const answer = await querySoa(address, first, { timeoutMs: TIMEOUT_MS, signal });
    const found = observation(answer);
    if (silenceReason(answer) !== null || rest.length === 0) return names.map(() => found);
    return [found, ...(await querySoaMany(address, rest, { timeoutMs: TIMEOUT_MS, signal })).map(observation)];
  };
  for (const answers of await Promise.all(addresses.map(ask))) {
    names.forEach((name, index) => {
      const answer = answers[index];
      if (answer) seen.get(name)?.push(answer);
    });
  }
  return seen;
};
