import { DnsSyntaxError, quoteInput } from "../errors";
import type { Token } from "../tokenizer";
import { bytesOfHex, hexOf } from "./encodings";
import { MAX_RDATA, tooLong } from "./limits";

/** Whether record data is written in the generic form of RFC 3597 §5. */
export function isGeneric(tokens: readonly Token[]): boolean {
  return tokens[0]?.text === "\\#" && !tokens[0].quoted;
}

/** The octets of `\# length hex…`. @throws DnsSyntaxError */
export function parseGeneric(tokens: readonly Token[]): Uint8Array {
  const [, length, ...words] = tokens;
  if (!length || !/^\d{1,5}$/.test(length.text)) {
    throw new DnsSyntaxError(
      "rdata-fields",
      "Generic data is written \\# LENGTH HEX (RFC 3597), for example \\# 4 C0000201.",
    );
  }
  const hex = words.map((word) => word.text).join("");
  if (hex.length > 2 * MAX_RDATA) throw tooLong();
  const bytes = bytesOfHex(hex);
  if (bytes.length !== Number(length.text)) {
    throw new DnsSyntaxError(
      "rdata-length",
      `${quoteInput(length.text)} octets are announced, ${bytes.length} are there. Correct one of them.`,
    );
  }
  return bytes;
}

/** Canonical generic form: upper-case hex in one piece. */
export function formatGeneric(bytes: Uint8Array): string {
  return bytes.length === 0 ? "\\# 0" : `\\# ${bytes.length} ${hexOf(bytes)}`;
}
