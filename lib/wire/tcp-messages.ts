/** One question over one TCP connection (RFC 7766), and the messages that come back. */
import { randomInt } from "node:crypto";
import { connect } from "node:net";
import { DriverError } from "@/lib/errors";
import { type DnsAddress, formatAddress } from "@/lib/wire/dns-address";
import { encodeQuery } from "@/lib/wire/message";

export interface TcpLimits {
  /** Milliseconds for everything, from the connection's start to the last byte. */
  readonly timeoutMs: number;
  /** Octets taken in before the connection is dropped. */
  readonly maxBytes: number;
  readonly signal?: AbortSignal | undefined;
  /** What the caller is doing, for errors: "SOA example.com.". */
  readonly operation: string;
}

/**
 * Sends the question and yields every message until the server closes or the caller stops iterating; the connection ends with it.
 * @throws DriverError unreachable | timeout | aborted | bad-response (more than `maxBytes`, or an id that is not ours).
 */
export async function* tcpMessages(
  server: DnsAddress,
  question: Uint8Array,
  limits: TcpLimits,
): AsyncGenerator<Buffer, void, void> {
  const id = randomInt(0x10000);
  const fail = (kind: DriverError["kind"], message: string, cause?: unknown) =>
    new DriverError(kind, formatAddress(server), limits.operation, message, { cause });
  const socket = connect({ host: server.address, port: server.port, noDelay: true });
  const timer = setTimeout(
    () =>
      socket.destroy(
        fail("timeout", `${formatAddress(server)} did not finish answering within ${limits.timeoutMs} ms`),
      ),
    limits.timeoutMs,
  );
  const abort = () => socket.destroy(fail("aborted", `${limits.operation} was cancelled`));
  limits.signal?.addEventListener("abort", abort, { once: true });
  if (limits.signal?.aborted) abort();
  try {
    socket.write(withLength(encodeQuery(id, question)));
    for await (const message of unframe(socket, limits.maxBytes, fail)) {
      if (message.length < 12 || message.readUInt16BE(0) !== id) {
        throw fail("bad-response", `${formatAddress(server)} sent a message that does not belong to the question`);
      }
      yield message;
    }
  } catch (error) {
    throw error instanceof DriverError
      ? error
      : fail("unreachable", `no TCP connection to ${formatAddress(server)}: ${(error as Error).message}`, error);
  } finally {
    clearTimeout(timer);
    limits.signal?.removeEventListener("abort", abort);
    socket.destroy();
  }
}

function withLength(message: Buffer): Buffer {
  const framed = Buffer.alloc(message.length + 2);
  framed.writeUInt16BE(message.length, 0);
  message.copy(framed, 2);
  return framed;
}

/** Cuts the stream into messages by their two length octets. What is left over when the stream ends early is an error. */
async function* unframe(
  stream: AsyncIterable<Buffer>,
  maxBytes: number,
  fail: (kind: DriverError["kind"], message: string) => DriverError,
): AsyncGenerator<Buffer, void, void> {
  let rest: Buffer = Buffer.alloc(0);
  let taken = 0;
  for await (const chunk of stream) {
    taken += chunk.length;
    if (taken > maxBytes) throw fail("bad-response", `more than ${maxBytes} octets came back`);
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let at = 0;
    while (rest.length - at >= 2 && rest.length - at - 2 >= rest.readUInt16BE(at)) {
      const end = at + 2 + rest.readUInt16BE(at);
      yield rest.subarray(at + 2, end);
      at = end;
    }
    rest = rest.subarray(at);
  }
  if (rest.length > 0) throw fail("bad-response", "the connection ended inside a message");
}
