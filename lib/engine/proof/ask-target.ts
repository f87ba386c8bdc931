import type { Observation } from "@/lib/sync/verification";
import type { AskManyOptions } from "@/lib/wire/ask";
import type { DnsAddress } from "@/lib/wire/dns-address";
import { querySoaMany } from "@/lib/wire/query";
import type { SoaAnswer } from "@/lib/wire/soa-answer";
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
  readonly reasons: readonly (string | null)[];
  /** Of the addresses that are silent. One to which this server has no route is none of them. */
  readonly silences: readonly Silence[];
  /** One answers again whose silence was held against the zones. */
  readonly isBack: boolean;
}

/** What one address said of all zones. */
interface Heard {
  readonly observe: (index: number) => Observation;
  readonly reason: string | null;
  readonly silence?: Silence;
}

/**
 * Asks every address for the SOA of every zone. One that is silent costs three questions at once, and none while its pause lasts; what it would have said is unknown
 * then.
 * @param names at least one
 */
export async function askTarget(
  watch: AddressWatch,
  { id, addresses }: { readonly id: number; readonly addresses: readonly DnsAddress[] },
  names: readonly string[],
  signal: AbortSignal,
): Promise<Asked> {
  const options = { timeoutMs: TIMEOUT_MS, concurrency: CONCURRENCY, signal };
  let isBack = false;
  const ask = async (address: DnsAddress): Promise<Heard> => {
    const known = watch.silenceOf(id, address);
    if (known && !watch.isAskable(id, address)) return silent(known);
    const silence = await silentAnswer(address, names, options);
    if (silence) return unheard(watch, id, address, silence);
    isBack = watch.noteAnswer(id, address) || isBack;
    const answers = await querySoaMany(address, names, options);
    // It may have stopped meanwhile: that is one silence, and not the trouble of so many zones.
    const isDoubtful = answers.some((answer) => silenceReason(answer) !== null);
    const stopped = isDoubtful ? await silentAnswer(address, names, options) : null;
    if (stopped) return unheard(watch, id, address, stopped);
    const observations = answers.map(observation);
    return { observe: (index) => observations[index] ?? NOTHING, reason: null };
  };
  const heard = await Promise.all(addresses.map(ask));
  return {
    seen: new Map(names.map((name, index) => [name, heard.map(({ observe }) => observe(index))])),
    reasons: heard.map(({ reason }) => reason),
    silences: heard.flatMap(({ silence }) => silence ?? []),
    isBack,
  };
}

const NOTHING: Observation = { kind: "unknown", reason: "It was not asked." };

function silent(silence: Silence): Heard {
  return { observe: () => ({ kind: "unknown", reason: silence.reason }), reason: silence.reason, silence };
}

function unheard(watch: AddressWatch, id: number, address: DnsAddress, answer: SoaAnswer): Heard {
  const reason = silenceReason(answer) ?? "";
  if (answer.status === "unreachable" && answer.hasNoRoute) return { observe: () => observation(answer), reason };
  return silent(watch.noteSilent(id, address, reason));
}

/** Null: something comes back from the address. Some servers drop questions for a zone that they do not have, so more than one is asked for. */
async function silentAnswer(
  address: DnsAddress,
  names: readonly string[],
  options: AskManyOptions,
): Promise<SoaAnswer | null> {
  const probes = new Set([0, names.length >> 1, names.length - 1].flatMap((index) => names[index] ?? []));
  const answers = await querySoaMany(address, [...probes], options);
  return answers.every((answer) => silenceReason(answer) !== null) ? (answers[0] ?? null) : null;
}
