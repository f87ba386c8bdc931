/** Full zone transfer as a client, RFC 5936: what a nameserver really holds, record by record. */
import { rdataFromMessage, typeName } from "@/lib/dns/rdata/registry";
import type { ZoneRecord } from "@/lib/dns/zone-build";
import { DriverError, type DriverErrorKind, errorMessage } from "@/lib/errors";
import { type DnsAddress, formatAddress } from "@/lib/wire/dns-address";
import {
  answerRecords,
  CLASS_IN,
  decodeHeader,
  encodeQuestion,
  hasQuestion,
  RCODE_NAMES,
  TYPE_AXFR,
  TYPE_SOA,
  type WireRecord,
} from "@/lib/wire/message";
import { tcpMessages } from "@/lib/wire/tcp-messages";

export interface AxfrOptions {
  /** Milliseconds for the whole transfer. */
  readonly timeoutMs: number;
  /** Octets that are taken in at most; 256 MiB when left out. */
  readonly maxBytes?: number;
  readonly signal?: AbortSignal | undefined;
}

const MAX_BYTES = 256 * 1024 * 1024;
/** Larger TTLs count as zero, RFC 2181 §8. */
const MAX_TTL = 0x7fff_ffff;

/**
 * The zone's records in the order in which the server sends them: the SOA first, and not again at the end. The transfer is complete only when
 * the iteration ends without an error; the connection closes when the caller stops early.
 * @param zone canonical name
 * @throws DriverError rejected (the server will not), bad-response (not a whole zone), unreachable, timeout, aborted
 */
export async function* axfr(
  server: DnsAddress,
  zone: string,
  { timeoutMs, maxBytes = MAX_BYTES, signal }: AxfrOptions,
): AsyncGenerator<ZoneRecord, void, void> {
  const operation = `AXFR ${zone}`;
  const fail = (kind: DriverErrorKind, what: string, cause?: unknown) =>
    new DriverError(kind, formatAddress(server), operation, `${formatAddress(server)} ${what}`, { cause });
  const question = encodeQuestion(zone, TYPE_AXFR);
  let firstSoa: string | undefined;
  for await (const message of tcpMessages(server, question, { timeoutMs, maxBytes, signal, operation })) {
    const header = decodeHeader(message);
    if (header.rcode !== 0) {
      throw fail("rejected", `does not transfer ${zone}: ${RCODE_NAMES[header.rcode] ?? `code ${header.rcode}`}`);
    }
    // Later messages may leave the question out, RFC 5936 §2.2.1.
    const isOurs = hasQuestion(message, header, question) || (firstSoa !== undefined && header.counts[0] === 0);
    if (!header.isResponse || !isOurs) throw fail("bad-response", "sent a message that is not part of the transfer");
    try {
      for (const wire of answerRecords(message, header)) {
        const record = readRecord(message, wire);
        if (firstSoa === undefined) {
          if (wire.type !== TYPE_SOA || record.owner !== zone) throw new RangeError("it does not start with the SOA");
          firstSoa = record.rdata;
        } else if (wire.type === TYPE_SOA && record.owner === zone) {
          if (record.rdata !== firstSoa) throw new RangeError("the zone changed while it was sent");
          return;
        }
        yield record;
      }
    } catch (error) {
      throw fail("bad-response", `sent a transfer of ${zone} that cannot be used: ${errorMessage(error)}`, error);
    }
  }
  throw fail("bad-response", `ended the transfer of ${zone} before its end`);
}

function readRecord(message: Buffer, wire: WireRecord): ZoneRecord {
  if (wire.class !== CLASS_IN) throw new RangeError(`a record of class ${wire.class}`);
  const type = typeName(wire.type);
  return {
    owner: wire.owner,
    ttl: wire.ttl > MAX_TTL ? 0 : wire.ttl,
    type,
    rdata: rdataFromMessage(type, message, wire.rdataStart, wire.rdataEnd - wire.rdataStart),
  };
}
