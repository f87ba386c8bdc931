import { DnsSyntaxError } from "../errors";

/**
 * Nameservers refuse a digest that does not have its type's length.
 * @param octets what the type needs; `undefined` for a type that we do not know.
 * @throws DnsSyntaxError "rdata-value"
 */
export function checkDigestLength(what: string, hex: string, octets: number | undefined): void {
  if (octets !== undefined && hex.length !== octets * 2) {
    throw new DnsSyntaxError(
      "rdata-value",
      `The ${what} has ${hex.length} hexadecimal digits; its type needs ${octets * 2}. Copy the whole value.`,
    );
  }
}
