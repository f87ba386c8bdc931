import { diffZones, type RRsetDiff } from "@/lib/dns/diff";
import { digestZone } from "@/lib/dns/digest";
import type { Zone } from "@/lib/dns/zone";
import { makeZone, soaOf, type ZoneRecord } from "@/lib/dns/zone-build";
import { parseCanonicalZone } from "@/lib/dns/zone-file";
import { DriverError } from "@/lib/errors";
import { sampleDifference, sampleRRsets } from "@/lib/sync/sample";
import { axfr } from "@/lib/wire/axfr";
import { type DnsAddress, formatAddress } from "@/lib/wire/dns-address";
import { querySoa } from "@/lib/wire/query";
import { queryRRsets } from "@/lib/wire/query-rrsets";

/** The acknowledged state of a zone. */
export interface WantedContent {
  readonly name: string;
  readonly serial: number;
  readonly digest: string;
  /** Canonical text, read where it is needed; null: it is not kept any more. */
  text(): Promise<string | null>;
  readonly recordCount: number;
}

export type ContentFinding =
  | { readonly state: "same" }
  /** `detail` names what differs first. */
  | { readonly state: "differs"; readonly detail: string }
  /** It could not be compared; `reason` is a sentence. `isUnasked`: this server has no route there. */
  | { readonly state: "unknown"; readonly reason: string; readonly isUnasked?: boolean }
  /** It does not serve this serial: that is another finding's affair, and it may be loading. */
  | { readonly state: "other-serial" };

/** Larger zones are sampled: a transfer is held in memory. */
const MAX_RECORDS = 100_000;
const MAX_TRANSFER_OCTETS = 32 * 1024 * 1024;
const TRANSFER_MS = 20_000;
const QUERY_MS = 2_000;
/** How long it is believed that an address transfers nothing to this server: it refuses, or does not get done, or TCP is closed. */
const REFUSED_MS = 60 * 60_000;

/** Types that a nameserver adds itself when it signs a zone (RFC 4034, 5155, 7344, 8976). */
const SIGNING_TYPES = new Set([46, 47, 48, 50, 51, 59, 60, 63].map((code) => `TYPE${code}`));

/**
 * Compares what an address serves with what its target acknowledged: all of it where the zone can be transferred, a sample of its RRsets otherwise.
 * @param now epoch milliseconds, to remember where no zone is transferred. @param random 0 … 1, for the sample
 */
export function createContentCompare(now: () => number, random: () => number) {
  const refused = new Map<string, number>();

  async function transferred(address: DnsAddress, wanted: WantedContent, signal: AbortSignal): Promise<Zone | null> {
    const key = formatAddress(address);
    const since = refused.get(key);
    const isRefused = since !== undefined && Math.abs(now() - since) < REFUSED_MS;
    if (isRefused || wanted.recordCount > MAX_RECORDS) return null;
    try {
      const records: ZoneRecord[] = [];
      const options = { timeoutMs: TRANSFER_MS, maxBytes: MAX_TRANSFER_OCTETS, signal };
      for await (const record of axfr(address, wanted.name, options)) records.push(record);
      return makeZone(wanted.name, records);
    } catch (error) {
      if (!(error instanceof DriverError)) throw error;
      if (error.kind === "aborted") throw error;
      // Whatever the reason is, questions are another way; where the address is silent they say so.
      if (error.kind !== "bad-response") refused.set(key, now());
      return null;
    }
  }

  async function look(address: DnsAddress, wanted: WantedContent, signal: AbortSignal): Promise<ContentFinding> {
    const served = await transferred(address, wanted, signal);
    if (served && soaOf(served).serial !== wanted.serial) return { state: "other-serial" };
    if (served && digestZone(served) === wanted.digest) return { state: "same" };
    const text = await wanted.text();
    if (text === null) return { state: "unknown", reason: "The change that was acknowledged is no longer kept." };
    const zone = parseCanonicalZone(text, wanted.name);
    return served ? compareZones(zone, served) : compareSample(address, sampleRRsets(zone, random), signal);
  }

  return async (address: DnsAddress, wanted: WantedContent, signal: AbortSignal): Promise<ContentFinding> => {
    const before = await querySoa(address, wanted.name, { timeoutMs: QUERY_MS, signal });
    if (before.status === "unreachable")
      return { state: "unknown", reason: before.reason, isUnasked: before.hasNoRoute ?? false };
    if (before.status !== "answered") return { state: "unknown", reason: before.reason };
    if (before.serial !== wanted.serial) return { state: "other-serial" };
    const found = await look(address, wanted, signal);
    if (found.state !== "differs") return found;
    // A change that came meanwhile is no difference.
    const after = await querySoa(address, wanted.name, { timeoutMs: QUERY_MS, signal });
    return after.status === "answered" && after.serial === wanted.serial ? found : { state: "other-serial" };
  };
}

/** What signing added is not ours, unless the zone holds such records itself. */
function compareZones(zone: Zone, found: Zone): ContentFinding {
  const ours = new Set(zone.rrsets.map(({ type }) => type));
  const unsigned = found.rrsets.filter(({ type }) => ours.has(type) || !SIGNING_TYPES.has(type));
  const { rrsets } = diffZones(zone, { ...found, rrsets: unsigned });
  const [first] = rrsets;
  if (!first) return { state: "same" };
  const others = rrsets.length === 1 ? "" : ` ${rrsets.length - 1} more RRsets differ.`;
  return { state: "differs", detail: `${differenceWords(first)}${others}` };
}

function differenceWords({ owner, type, before, after }: RRsetDiff): string {
  const what = `${owner} ${type}`;
  if (!after) return `${what} is not there.`;
  if (!before) return `${what} is there and was not sent.`;
  if (before.rdatas.join("\n") !== after.rdatas.join("\n")) return `${what} has other records.`;
  return `${what} has TTL ${after.ttl} instead of ${before.ttl}.`;
}

async function compareSample(
  address: DnsAddress,
  sample: ReturnType<typeof sampleRRsets>,
  signal: AbortSignal,
): Promise<ContentFinding> {
  const answers = await queryRRsets(address, sample, { timeoutMs: QUERY_MS, concurrency: 8, signal });
  let unknown: string | null = null;
  for (const [index, wanted] of sample.entries()) {
    const answer = answers[index];
    if (answer?.status !== "answered") unknown ??= answer?.reason ?? null;
    else if (!answer.isAuthoritative)
      unknown ??= `${formatAddress(address)} answers for ${wanted.owner} without authority.`;
    else {
      const detail = sampleDifference(wanted, answer);
      if (detail !== null) return { state: "differs", detail };
    }
  }
  return unknown === null ? { state: "same" } : { state: "unknown", reason: unknown };
}
