import { type DnsAddress, formatAddress } from "@/lib/wire/dns-address";
import { MalformedMessage } from "@/lib/wire/malformed-message";
import { answerRecords, CLASS_IN, type Header, RCODE_NAMES, soaSerial, TYPE_SOA } from "@/lib/wire/message";

/**
 * What a nameserver said of one zone. `reason` is a sentence for an administrator.
 * - `answered`: it is authoritative and this is the serial it serves.
 * - `refused`, `nxdomain`, `not-authoritative`: it does not serve the zone. `serial` is that of a copy without the AA bit, when it sent one.
 * - `servfail`: it knows the zone and cannot serve it.
 * - `timeout`, `unreachable`: nothing is known about the zone; `hasNoRoute`: nor about the server, as this machine cannot reach such an address.
 * - `malformed`: what came back is not an answer.
 */
export type SoaAnswer =
  | { readonly status: "answered"; readonly serial: number; readonly authoritative: true }
  | { readonly status: "not-authoritative"; readonly reason: string; readonly serial?: number }
  | { readonly status: "unreachable"; readonly reason: string; readonly hasNoRoute?: boolean }
  | { readonly status: "refused" | "servfail" | "nxdomain" | "timeout" | "malformed"; readonly reason: string };

/** An answer that cannot be used; `what` is wrong with it. */
export function malformedAnswer(server: DnsAddress, what: string): SoaAnswer {
  return { status: "malformed", reason: `the answer of ${formatAddress(server)} cannot be used: ${what}` };
}

/**
 * What a message that belongs to the question says.
 * @param zone canonical name
 */
export function readSoaAnswer(server: DnsAddress, zone: string, message: Buffer, header: Header): SoaAnswer {
  const who = formatAddress(server);
  switch (header.rcode) {
    case 0:
      break;
    case 2:
      return { status: "servfail", reason: `${who} cannot serve ${zone} (SERVFAIL)` };
    case 3:
      return { status: "nxdomain", reason: `${who} says that ${zone} does not exist (NXDOMAIN)` };
    case 5:
      return { status: "refused", reason: `${who} does not serve ${zone} (REFUSED)` };
    case 9:
      return { status: "not-authoritative", reason: `${who} is not authoritative for ${zone} (NOTAUTH)` };
    default:
      return malformedAnswer(server, RCODE_NAMES[header.rcode] ?? `response code ${header.rcode}`);
  }
  try {
    const serial = findSerial(message, header, zone);
    if (serial === undefined) {
      return {
        status: "not-authoritative",
        reason: `${who} answers for ${zone} without a SOA record: it is no zone there`,
      };
    }
    return header.isAuthoritative
      ? { status: "answered", serial, authoritative: true }
      : {
          status: "not-authoritative",
          serial,
          reason: `${who} gave a copy of ${zone} without being authoritative for it`,
        };
  } catch (error) {
    if (!(error instanceof MalformedMessage)) throw error;
    return malformedAnswer(server, error.message);
  }
}

function findSerial(message: Buffer, header: Header, zone: string): number | undefined {
  for (const record of answerRecords(message, header)) {
    if (record.type === TYPE_SOA && record.class === CLASS_IN && record.owner === zone) {
      return soaSerial(message, record);
    }
  }
  return undefined;
}
