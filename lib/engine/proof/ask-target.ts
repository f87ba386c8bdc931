import type { Observation } from "@/lib/sync/verification";
import type { AskManyOptions } from "@/lib/wire/ask";
import type { DnsAddress } from "@/lib/wire/dns-address";
import { querySoaMany } from "@/lib/wire/query";
import { observation, silenceReason } from "../observe";
import type { AddressWatch, Silence } from "./address-watch";

/** Longest wait for one answer, milliseconds, resends included. */
const TIMEOUT_MS = 2_000;
/** Questions under way at one address: a sweep is in no hurry, and the nameserver has others to answer. */
const CONCURRENCY = 32;

/** What the addresses of a target said of some zones. */
export interface Asked {
  /** By zone; one observation for each address, in their order. */
  readonly seen: ReadonlyMap<string, readonly Observation[]>;
  /** One for each address: why nothing comes back from it; null: it answers. */
  readonly silences: readonly (Silence | null)[];
  /** One answers again whose silence was held against the zones. */
  readonly isBack: boolean;
}

/**
 * Asks every address for the SOA of every zone. One that is silent costs three questions at once, and none while its pause lasts; what it would have said is unknown then.
 * @param names at least one
 */
export async function askTarget(
  watch: AddressWatch,
  { id, addresses }: { readonly id: number; readonly addresses: readonly DnsAddress[] },
  names: readonly string[],
  signal: AbortSignal,
): Promise<Asked> {
  let isBack = false;
  const ask = async (address: DnsAddress): Promise<Observation[] | Silence> => {
    const known = watch.silenceOf(id, address);
    if (known && !watch.isAskable(id, address)) return known;
    const options = { timeoutMs: TIMEOUT_MS, concurrency: CONCURRENCY, signal };
    const reason = await whySilent(address, names, options);
    if (reason !== null) return watch.noteSilent(id, address, reason);
    isBack = watch.noteAnswer(id, address) || isBack;
    const found = await querySoaMany(address, names, options);
    // It may have stopped meanwhile: that is one silence, and not the trouble of so many zones.
    const isDoubtful = found.some((answer) => silenceReason(answer) !== null);
    const stopped = isDoubtful ? await whySilent(address, names, options) : null;
    if (stopped !== null) return watch.noteSilent(id, address, stopped);
    return found.map(observation);
  };
  const answers = await Promise.all(addresses.map(ask));
  const seen = new Map(
    names.map((name, index) => [
      name,
      answers.map((answer): Observation => {
        const own = Array.isArray(answer) ? answer[index] : undefined;
        return own ?? { kind: "unknown", reason: (answer as Silence).reason };
      }),
    ]),
  );
  return { seen, silences: answers.map((answer) => (Array.isArray(answer) ? null : answer)), isBack };
}

/** Why nothing comes back from the address; null: something does. Some servers drop questions for a zone that they do not have, so more than one is asked for. */
async function whySilent(
  address: DnsAddress,
  names: readonly string[],
  options: AskManyOptions,
): Promise<string | null> {
  const probes = new Set([0, names.length >> 1, names.length - 1].flatMap((index) => names[index] ?? []));
  const reasons = (await querySoaMany(address, [...probes], options)).map(silenceReason);
  return reasons.includes(null) ? null : (reasons[0] ?? null);
}
