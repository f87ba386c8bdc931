import { DnsSyntaxError, quoteInput } from "../errors";

const HEX = Array.from({ length: 256 }, (_, octet) => octet.toString(16).padStart(2, "0").toUpperCase());
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Upper-case hex without spaces. */
export function hexOf(bytes: Uint8Array): string {
  let out = "";
  for (const octet of bytes) out += HEX[octet];
  return out;
}

/** @throws DnsSyntaxError "hex-syntax" */
export function bytesOfHex(text: string): Uint8Array {
  if (text.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(text)) {
    throw new DnsSyntaxError(
      "hex-syntax",
      `${quoteInput(text)} is not hexadecimal: write pairs of the digits 0-9 and A-F.`,
    );
  }
  const bytes = new Uint8Array(text.length / 2);
  for (let at = 0; at < bytes.length; at++) bytes[at] = Number.parseInt(text.slice(at * 2, at * 2 + 2), 16);
  return bytes;
}

/** Base64 with padding, without spaces (RFC 4648 §4). */
export function base64Of(bytes: Uint8Array): string {
  let out = "";
  for (let at = 0; at < bytes.length; at += 3) {
    const [a = 0, b = 0, c = 0] = bytes.subarray(at, at + 3);
    const group = (a << 16) | (b << 8) | c;
    const digits = Math.min(bytes.length - at, 3) + 1;
    for (let digit = 0; digit < 4; digit++) out += digit < digits ? ALPHABET[(group >> (18 - 6 * digit)) & 63] : "=";
  }
  return out;
}

/** @throws DnsSyntaxError "base64-syntax"; also for stray bits behind the last octet, so that every value has one spelling. */
export function bytesOfBase64(text: string): Uint8Array {
  const digits = text.replace(/={1,2}$/, "");
  const bytes = new Uint8Array(Math.floor((digits.length * 3) / 4));
  let buffer = 0;
  let bits = 0;
  let at = 0;
  let bad = text.length % 4 !== 0 || digits.length % 4 === 1;
  for (const char of digits) {
    const value = ALPHABET.indexOf(char);
    if (value < 0) bad = true;
    buffer = ((buffer << 6) | value) & 0xfff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[at++] = (buffer >> bits) & 255;
    }
  }
  if (bad || (buffer & ((1 << bits) - 1)) !== 0) {
    throw new DnsSyntaxError(
      "base64-syntax",
      `${quoteInput(text)} is not Base64. Copy the whole value, with the “=” at its end.`,
    );
  }
  return bytes;
}
