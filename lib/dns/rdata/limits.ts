import { DnsSyntaxError } from "../errors";

/** RFC 1035 §3.2.1: RDLENGTH is 16 bits. */
export const MAX_RDATA = 65_535;

/** @returns the same octets. @throws DnsSyntaxError "rdata-length" */
export function checkLength(wire: Uint8Array): Uint8Array {
  if (wire.length > MAX_RDATA) throw tooLong();
  return wire;
}

export function tooLong(): DnsSyntaxError {
  return new DnsSyntaxError(
    "rdata-length",
    `The data is longer than the ${MAX_RDATA} octets that a record holds. Shorten it.`,
  );
}
