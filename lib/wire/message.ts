/**
 * DNS messages as bytes (RFC 1035 §4), as little of them as we need: a question out, and a walk over what came back.
 * Written by hand because verification asks thousands of questions a second; a general decoder costs five times as much.
 */
import { nameFromWire, nameToWire } from "@/lib/dns/name";
import { errorMessage } from "@/lib/errors";
import { MalformedMessage } from "@/lib/wire/malformed-message";

export const CLASS_IN = 1;
export const TYPE_SOA = 6;
export const TYPE_OPT = 41;
export const TYPE_AXFR = 252;

export const RCODE_FORMERR = 1;
export const RCODE_NOTIMP = 4;

export const RCODE_NAMES: readonly string[] = [
  "NOERROR",
  "FORMERR",
  "SERVFAIL",
  "NXDOMAIN",
  "NOTIMP",
  "REFUSED",
  "YXDOMAIN",
  "YXRRSET",
  "NXRRSET",
  "NOTAUTH",
  "NOTZONE",
];

const HEADER_LENGTH = 12;

export interface Header {
  readonly id: number;
  readonly isResponse: boolean;
  readonly opcode: number;
  readonly isAuthoritative: boolean;
  readonly isTruncated: boolean;
  readonly rcode: number;
  /** Entries in the question, answer, authority and additional sections. */
  readonly counts: readonly [question: number, answer: number, authority: number, additional: number];
}

/** One resource record, still as bytes. `rdata` lies at `rdataStart`..`rdataEnd` of the message (names in it may be compressed). */
export interface WireRecord {
  /** Canonical name. */
  readonly owner: string;
  readonly type: number;
  readonly class: number;
  /** Seconds. */
  readonly ttl: number;
  readonly rdataStart: number;
  readonly rdataEnd: number;
}

/** The question section's only entry: name, type, class. Build it once, send it with any id. `name` is canonical. */
export function encodeQuestion(owner: string, type: number): Buffer {
  const name = nameToWire(owner);
  const question = Buffer.alloc(name.length + 4);
  question.set(name);
  question.writeUInt16BE(type, name.length);
  question.writeUInt16BE(CLASS_IN, name.length + 2);
  return question;
}

/** What fits into one datagram on every path without fragments, as the DNS flag day of 2020 agreed; announced with EDNS. */
const UDP_PAYLOAD = 1232;
/** The root's name, type, payload size, extended code, version and flags all 0, no options: RFC 6891 §6.1.2. */
const OPT_RECORD = Uint8Array.of(0, 0, TYPE_OPT, UDP_PAYLOAD >> 8, UDP_PAYLOAD & 0xff, 0, 0, 0, 0, 0, 0);

/** A standard query without recursion desired. @param edns says how large an answer may be (RFC 6891) */
export function encodeQuery(id: number, question: Uint8Array, { edns = false } = {}): Buffer {
  const end = HEADER_LENGTH + question.length;
  const message = Buffer.alloc(end + (edns ? OPT_RECORD.length : 0));
  message.writeUInt16BE(id, 0);
  message.writeUInt16BE(1, 4);
  message.set(question, HEADER_LENGTH);
  if (!edns) return message;
  message.writeUInt16BE(1, 10);
  message.set(OPT_RECORD, end);
  return message;
}

/** @throws MalformedMessage when there is no whole header. */
export function decodeHeader(message: Buffer): Header {
  if (message.length < HEADER_LENGTH) throw new MalformedMessage("shorter than a DNS header");
  const flags = message.readUInt16BE(2);
  return {
    id: message.readUInt16BE(0),
    isResponse: (flags & 0x8000) !== 0,
    opcode: (flags >> 11) & 0xf,
    isAuthoritative: (flags & 0x0400) !== 0,
    isTruncated: (flags & 0x0200) !== 0,
    rcode: flags & 0xf,
    counts: [message.readUInt16BE(4), message.readUInt16BE(6), message.readUInt16BE(8), message.readUInt16BE(10)],
  };
}

/**
 * Whether the message repeats `question` as its only one. The name is compared without regard to case (RFC 4343);
 * a server that compresses the question's name is answering nothing we would send.
 */
export function hasQuestion(message: Buffer, header: Header, question: Uint8Array): boolean {
  if (header.counts[0] !== 1 || message.length < HEADER_LENGTH + question.length) return false;
  const nameEnd = question.length - 4;
  for (let i = 0; i < question.length; i++) {
    const [asked = 0, came = 0] = [question[i], message[HEADER_LENGTH + i]];
    // Length octets (0 … 63) lie below the letters, so folding them changes nothing.
    if (asked !== came && (i >= nameEnd || asked !== lower(came))) return false;
  }
  return true;
}

function lower(octet: number): number {
  return octet >= 0x41 && octet <= 0x5a ? octet + 0x20 : octet;
}

/**
 * The records of the answer section.
 * @throws MalformedMessage where the bytes end early or a name is broken.
 */
export function* answerRecords(message: Buffer, header: Header): Generator<WireRecord> {
  let offset = HEADER_LENGTH;
  for (let i = 0; i < header.counts[0]; i++) offset = skipName(message, offset) + 4;
  for (let i = 0; i < header.counts[1]; i++) {
    const next = skipName(message, offset);
    if (next + 10 > message.length) throw new MalformedMessage("ends inside a record");
    const rdataStart = next + 10;
    const rdataEnd = rdataStart + message.readUInt16BE(next + 8);
    if (rdataEnd > message.length) throw new MalformedMessage("ends inside a record's data");
    yield {
      owner: readName(message, offset),
      type: message.readUInt16BE(next),
      class: message.readUInt16BE(next + 2),
      ttl: message.readUInt32BE(next + 4),
      rdataStart,
      rdataEnd,
    };
    offset = rdataEnd;
  }
}

/** The serial of the SOA record whose data starts there. @throws MalformedMessage */
export function soaSerial(message: Buffer, record: WireRecord): number {
  const numbers = skipName(message, skipName(message, record.rdataStart));
  if (numbers + 20 !== record.rdataEnd) throw new MalformedMessage("SOA data of the wrong length");
  return message.readUInt32BE(numbers);
}

/** Where the name that starts at `offset` ends in the message. @throws MalformedMessage */
function skipName(message: Uint8Array, offset: number): number {
  let at = offset;
  for (;;) {
    const length = message[at];
    if (length === undefined) throw new MalformedMessage("ends inside a name");
    if (length === 0) return at + 1;
    if (length >= 0xc0) return at + 2;
    if (length > 63) throw new MalformedMessage("a label of an unknown kind");
    at += 1 + length;
  }
}

function readName(message: Uint8Array, offset: number): string {
  try {
    return nameFromWire(message, offset).name;
  } catch (error) {
    throw new MalformedMessage(errorMessage(error), { cause: error });
  }
}
