/**
 * Questions to one server over one connected UDP socket. The kernel picks a random source port and drops datagrams from any other
 * address or port; the id is random and unused, and the question must come back as it went (RFC 5452 §9). A closed port answers at once:
 * the ICMP error reaches a connected socket. Questions carry EDNS (RFC 6891); a server that calls that a mistake, or stays silent, is asked without.
 */
import { randomInt } from "node:crypto";
import { createSocket, type Socket } from "node:dgram";
import { isIPv6 } from "node:net";
import type { DnsAddress } from "@/lib/wire/dns-address";
import { decodeHeader, encodeQuery, type Header, hasQuestion, RCODE_FORMERR, RCODE_NOTIMP } from "@/lib/wire/message";

/** Room for answers that arrive while the event loop is busy elsewhere. The kernel caps it at net.core.rmem_max. */
const RECEIVE_BUFFER_OCTETS = 1 << 20;

/**
 * Milliseconds after which a question is sent again: soon, because a batch waits for its slowest answer and a duplicate costs nothing;
 * then ever later, so that a slow server is not pressed.
 */
const RESEND_AT_MS = [200, 1000, 3000] as const;
/** From this sending on a question goes without EDNS: there are servers and firewalls that drop what they do not know. */
const PLAIN_FROM = 2;

export type UdpReply =
  | { readonly status: "message"; readonly message: Buffer; readonly header: Header }
  | { readonly status: "timeout" }
  /** `code`: the system's, when it said so. */
  | { readonly status: "unreachable"; readonly reason: string; readonly code?: string | undefined };

interface Pending {
  readonly question: Uint8Array;
  readonly finish: (reply: UdpReply) => void;
}

export class UdpChannel {
  readonly #socket: Socket;
  readonly #pending = new Map<number, Pending>();
  /** The server said that it does not know EDNS. */
  #isPlain = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("message", (message) => this.#receive(message));
    socket.on("error", (error: NodeJS.ErrnoException) => this.abandon(error.message, error.code));
  }

  /** @throws Error (of the socket) when there is no route to the server. */
  static open(server: DnsAddress): Promise<UdpChannel> {
    return new Promise((resolve, reject) => {
      const socket = createSocket({
        type: isIPv6(server.address) ? "udp6" : "udp4",
        recvBufferSize: RECEIVE_BUFFER_OCTETS,
      });
      const fail = (error: Error) => {
        socket.close();
        reject(error);
      };
      socket.once("error", fail);
      socket.connect(server.port, server.address, () => {
        socket.off("error", fail);
        resolve(new UdpChannel(socket));
      });
    });
  }

  /** Asks until an answer comes or `timeoutMs` have passed. Never rejects. At most 32,768 questions may be under way. */
  ask(question: Uint8Array, timeoutMs: number): Promise<UdpReply> {
    return new Promise((resolve) => {
      const id = this.#unusedId();
      let timer: NodeJS.Timeout | undefined;
      let isPlain = this.#isPlain;
      const end = (reply: UdpReply) => {
        clearTimeout(timer);
        this.#pending.delete(id);
        resolve(reply);
      };
      const finish = (reply: UdpReply) => {
        if (isPlain || reply.status !== "message" || !refusesEdns(reply.header)) return end(reply);
        this.#isPlain = isPlain = true;
        this.#send(encodeQuery(id, question), end);
      };
      this.#pending.set(id, { question, finish });
      let elapsed = 0;
      const send = (sending: number) => {
        if (elapsed >= timeoutMs) return end({ status: "timeout" });
        isPlain ||= sending >= PLAIN_FROM;
        this.#send(encodeQuery(id, question, { edns: !isPlain }), end);
        const next = Math.min(RESEND_AT_MS[sending] ?? timeoutMs, timeoutMs);
        timer = setTimeout(send, next - elapsed, sending + 1);
        elapsed = next;
      };
      send(0);
    });
  }

  /** Ends every question under way as unreachable. */
  abandon(reason: string, code?: string): void {
    for (const pending of [...this.#pending.values()]) pending.finish({ status: "unreachable", reason, code });
  }

  /** Abandons what is under way and frees the socket. */
  close(): void {
    this.abandon("the socket was closed");
    this.#socket.close();
  }

  #send(query: Buffer, finish: (reply: UdpReply) => void): void {
    this.#socket.send(query, (error: NodeJS.ErrnoException | null) => {
      if (error) finish({ status: "unreachable", reason: error.message, code: error.code });
    });
  }

  #receive(message: Buffer): void {
    if (message.length < 12) return;
    const header = decodeHeader(message);
    const pending = this.#pending.get(header.id);
    if (!pending || !header.isResponse || header.opcode !== 0) return;
    // Servers leave the question out when they could not read it (FORMERR) or would not (some REFUSED).
    const isBareError = header.counts[0] === 0 && header.rcode !== 0;
    if (isBareError || hasQuestion(message, header, pending.question)) {
      pending.finish({ status: "message", message, header });
    }
  }

  #unusedId(): number {
    for (;;) {
      const id = randomInt(0x10000);
      if (!this.#pending.has(id)) return id;
    }
  }
}

/** What servers say that do not know EDNS, RFC 6891 §7. */
function refusesEdns({ rcode }: Header): boolean {
  return rcode === RCODE_FORMERR || rcode === RCODE_NOTIMP;
}
