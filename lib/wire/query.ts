/**
 * Asks a nameserver for a zone's SOA record: the proof that a zone is served, and in which version. The question does not ask for
 * recursion, so only what the server holds itself counts.
 */
import { DriverError, errorMessage } from "@/lib/errors";
import { type DnsAddress, formatAddress } from "@/lib/wire/dns-address";
import { decodeHeader, encodeQuestion, hasQuestion, TYPE_SOA } from "@/lib/wire/message";
import { malformedAnswer, readSoaAnswer, type SoaAnswer } from "@/lib/wire/soa-answer";
import { tcpMessages } from "@/lib/wire/tcp-messages";
import { UdpChannel } from "@/lib/wire/udp-channel";

export interface SoaQueryOptions {
  /** Milliseconds until `timeout`, for UDP and again for the TCP retry. Lost datagrams are sent again within it. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Ask over TCP at once. */
  readonly tcp?: boolean;
}

export interface SoaQueryManyOptions extends SoaQueryOptions {
  /** Questions under way at once; 128 when left out, as more overruns the receive buffer of a nameserver with default settings. */
  readonly concurrency?: number;
}

/** A SOA answer is small; nothing longer than one TCP message can be read anyway. */
const MAX_TCP_OCTETS = 65_537;

/**
 * Asks one server for one zone's SOA, over UDP from a random port of its own, then over TCP when the answer was truncated.
 * @param zone canonical name
 * @throws DriverError aborted, when the signal ends it. All else is an answer.
 */
export async function querySoa(server: DnsAddress, zone: string, options: SoaQueryOptions): Promise<SoaAnswer> {
  const [answer] = await querySoaMany(server, [zone], options);
  if (!answer) throw new RangeError("no answer for the question");
  return answer;
}

/**
 * Asks one server for many zones' SOA over one socket with at most `concurrency` questions under way.
 * An unreachable or silent server costs `timeoutMs` for each `concurrency` zones: ask for one zone first where that matters.
 * @returns the answers in the order of `zones`
 * @throws as querySoa
 */
export async function querySoaMany(
  server: DnsAddress,
  zones: readonly string[],
  options: SoaQueryManyOptions,
): Promise<SoaAnswer[]> {
  const { signal } = options;
  const aborted = () => new DriverError("aborted", formatAddress(server), "SOA query", "the query was cancelled");
  if (signal?.aborted) throw aborted();
  const questions = zones.map((zone) => encodeQuestion(zone, TYPE_SOA));
  if (zones.length === 0) return [];
  const opened = options.tcp ? undefined : await openChannel(server);
  if (typeof opened === "string") return zones.map(() => ({ status: "unreachable", reason: opened }));

  const answers = new Array<SoaAnswer>(zones.length);
  let next = 0;
  const work = async () => {
    for (let i = next++; i < zones.length && !signal?.aborted; i = next++) {
      const question = questions[i];
      if (question) answers[i] = await ask(server, opened, zones[i] ?? "", question, options);
    }
  };
  const stop = () => opened?.abandon("cancelled");
  signal?.addEventListener("abort", stop, { once: true });
  try {
    await Promise.all(Array.from({ length: Math.min(options.concurrency ?? 128, zones.length) }, work));
  } finally {
    signal?.removeEventListener("abort", stop);
    opened?.close();
  }
  if (signal?.aborted) throw aborted();
  return answers;
}

async function openChannel(server: DnsAddress): Promise<UdpChannel | string> {
  try {
    return await UdpChannel.open(server);
  } catch (error) {
    return `${formatAddress(server)} cannot be reached: ${errorMessage(error)}`;
  }
}

async function ask(
  server: DnsAddress,
  channel: UdpChannel | undefined,
  zone: string,
  question: Uint8Array,
  options: SoaQueryOptions,
): Promise<SoaAnswer> {
  if (!channel) return askOverTcp(server, zone, question, options);
  const reply = await channel.ask(question, options.timeoutMs);
  if (reply.status === "timeout") {
    return { status: "timeout", reason: `${formatAddress(server)} did not answer within ${options.timeoutMs} ms` };
  }
  if (reply.status === "unreachable") {
    return { status: "unreachable", reason: `${formatAddress(server)} cannot be reached: ${reply.reason}` };
  }
  if (reply.header.isTruncated) return askOverTcp(server, zone, question, options);
  return readSoaAnswer(server, zone, reply.message, reply.header);
}

async function askOverTcp(
  server: DnsAddress,
  zone: string,
  question: Uint8Array,
  { timeoutMs, signal }: SoaQueryOptions,
): Promise<SoaAnswer> {
  const limits = { timeoutMs, signal, maxBytes: MAX_TCP_OCTETS, operation: `SOA ${zone}` };
  try {
    for await (const message of tcpMessages(server, question, limits)) {
      const header = decodeHeader(message);
      if (!header.isResponse || (header.rcode === 0 && !hasQuestion(message, header, question))) {
        return malformedAnswer(server, "it is not an answer to the question");
      }
      return readSoaAnswer(server, zone, message, header);
    }
    return malformedAnswer(server, "it closed the TCP connection without an answer");
  } catch (error) {
    if (!(error instanceof DriverError)) throw error;
    if (error.kind === "timeout") return { status: "timeout", reason: error.message };
    if (error.kind === "bad-response") return malformedAnswer(server, error.message);
    // "aborted" is turned into a throw by querySoaMany, which sees the signal.
    return { status: "unreachable", reason: error.message };
  }
}
