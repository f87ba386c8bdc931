/**
 * Questions to one nameserver, over UDP from a random port and over TCP where an answer does not fit into a datagram. No recursion is desired, so only what the
 * server holds itself counts.
 */
import { DriverError, errorMessage } from "@/lib/errors";
import { type DnsAddress, formatAddress } from "@/lib/wire/dns-address";
import { decodeHeader, type Header, hasQuestion } from "@/lib/wire/message";
import { tcpMessages } from "@/lib/wire/tcp-messages";
import { UdpChannel } from "@/lib/wire/udp-channel";

export interface AskOptions {
  /** Milliseconds until `timeout`, for UDP and again for the TCP retry. Lost datagrams are sent again within it. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Ask over TCP at once. */
  readonly tcp?: boolean;
}

export interface AskManyOptions extends AskOptions {
  /** Questions under way at once; 128 when left out, as more overruns the receive buffer of a nameserver with default settings. */
  readonly concurrency?: number;
}

/** What came back. `hasNoRoute`: this machine has no way to such an address, which says nothing of the server. `malformed`: something did, but no answer to the question; `what` is wrong with it. The other reasons are sentences. */
export type Reply =
  | { readonly status: "message"; readonly message: Buffer; readonly header: Header }
  | { readonly status: "timeout"; readonly reason: string }
  | { readonly status: "unreachable"; readonly reason: string; readonly hasNoRoute?: boolean }
  | { readonly status: "malformed"; readonly what: string };

/** No more than one TCP message is read. */
const MAX_TCP_OCTETS = 65_537;

/**
 * Asks all questions over one socket with at most `concurrency` of them under way.
 * An unreachable or silent server costs `timeoutMs` for each `concurrency` questions: ask one first where that matters.
 * @param questions as `encodeQuestion` makes them
 * @param read turns the reply to a question into what the caller wants to know
 * @returns in the order of the questions
 * @throws DriverError aborted, when the signal ends it. All else is a reply.
 */
export async function askMany<T>(
  server: DnsAddress,
  questions: readonly Uint8Array[],
  options: AskManyOptions,
  read: (reply: Reply, index: number) => T,
): Promise<T[]> {
  const { signal } = options;
  const aborted = () => new DriverError("aborted", formatAddress(server), "DNS query", "the query was cancelled");
  if (signal?.aborted) throw aborted();
  if (questions.length === 0) return [];
  const opened = options.tcp ? undefined : await openChannel(server);
  if (opened && "status" in opened) return questions.map((_, i) => read(opened, i));

  const answers = new Array<T>(questions.length);
  let next = 0;
  const work = async () => {
    for (let i = next++; i < questions.length && !signal?.aborted; i = next++) {
      const question = questions[i];
      if (question) answers[i] = read(await ask(server, opened, question, options), i);
    }
  };
  const stop = () => opened?.abandon("cancelled");
  signal?.addEventListener("abort", stop, { once: true });
  try {
    await Promise.all(Array.from({ length: Math.min(options.concurrency ?? 128, questions.length) }, work));
  } finally {
    signal?.removeEventListener("abort", stop);
    opened?.close();
  }
  if (signal?.aborted) throw aborted();
  return answers;
}

type Unreachable = Extract<Reply, { status: "unreachable" }>;

/** What the system says where it has no address of that family, or no route for it. */
const NO_ROUTE = new Set(["ENETUNREACH", "EAFNOSUPPORT", "EADDRNOTAVAIL"]);

function unreachable(server: DnsAddress, reason: string, code = ""): Unreachable {
  const who = formatAddress(server);
  if (!NO_ROUTE.has(code)) return { status: "unreachable", reason: `${who} cannot be reached: ${reason}` };
  return { status: "unreachable", reason: `This server has no route to ${who} (${code}).`, hasNoRoute: true };
}

async function openChannel(server: DnsAddress): Promise<UdpChannel | Unreachable> {
  try {
    return await UdpChannel.open(server);
  } catch (error) {
    return unreachable(server, errorMessage(error), (error as NodeJS.ErrnoException).code);
  }
}

async function ask(
  server: DnsAddress,
  channel: UdpChannel | undefined,
  question: Uint8Array,
  options: AskOptions,
): Promise<Reply> {
  if (!channel) return askOverTcp(server, question, options);
  const reply = await channel.ask(question, options.timeoutMs);
  if (reply.status === "timeout")
    return { status: "timeout", reason: `${formatAddress(server)} did not answer within ${options.timeoutMs} ms` };
  if (reply.status === "unreachable") return unreachable(server, reply.reason, reply.code);
  return reply.header.isTruncated ? askOverTcp(server, question, options) : reply;
}

async function askOverTcp(server: DnsAddress, question: Uint8Array, { timeoutMs, signal }: AskOptions): Promise<Reply> {
  const limits = { timeoutMs, signal, maxBytes: MAX_TCP_OCTETS, operation: "DNS query over TCP" };
  try {
    for await (const message of tcpMessages(server, question, limits)) {
      const header = decodeHeader(message);
      if (!header.isResponse || (header.rcode === 0 && !hasQuestion(message, header, question)))
        return { status: "malformed", what: "it is not an answer to the question" };
      return { status: "message", message, header };
    }
    return { status: "malformed", what: "it closed the TCP connection without an answer" };
  } catch (error) {
    if (!(error instanceof DriverError)) throw error;
    if (error.kind === "timeout") return { status: "timeout", reason: error.message };
    if (error.kind === "bad-response") return { status: "malformed", what: error.message };
    // "aborted" is turned into a throw by askMany, which sees the signal.
    return { status: "unreachable", reason: error.message };
  }
}
