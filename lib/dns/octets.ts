import { DnsSyntaxError, quoteInput } from "./errors";

const encoder = new TextEncoder();

/** What a `\` at `text[at]` stands for: `\DDD` an octet, `\X` the octet X (RFC 1035 §5.1). `width` counts characters, the `\` included. */
export function readEscape(text: string, at: number): { octet: number; width: number } | undefined {
  const next = text.charCodeAt(at + 1);
  if (next >= 0x30 && next <= 0x39) {
    const digits = text.slice(at + 1, at + 4);
    const octet = /^\d{3}$/.test(digits) ? Number(digits) : 256;
    return octet > 255 ? undefined : { octet, width: 4 };
  }
  return next > 0x20 && next < 0x7f ? { octet: next, width: 2 } : next === 0x20 ? { octet: 0x20, width: 2 } : undefined;
}

/**
 * The octets of a character-string in presentation form without its quotes. Characters outside ASCII stand for their UTF-8 octets.
 * @param max how many octets there may be.
 * @throws DnsSyntaxError "text-escape" for a `\` that is neither `\DDD` (000 … 255) nor `\X`; "text-length".
 */
export function unescapeOctets(text: string, max = Number.POSITIVE_INFINITY): Uint8Array {
  // An octet takes at most four characters: hostile lengths are refused before work is done on them.
  const octets = text.length > max * 4 ? undefined : decode(text);
  if (octets && octets.length <= max) return octets;
  throw new DnsSyntaxError("text-length", `${quoteInput(text)} is too long: ${max} octets are allowed. Shorten it.`);
}

function decode(text: string): Uint8Array {
  if (!text.includes("\\")) return encoder.encode(text);
  const out: number[] = [];
  for (let at = 0; at < text.length; ) {
    const code = text.charCodeAt(at);
    if (code === 0x5c) {
      const escaped = readEscape(text, at);
      if (!escaped) {
        throw new DnsSyntaxError(
          "text-escape",
          `${quoteInput(text.slice(at, at + 4))} is not an escape: write \\DDD with three digits from 000 to 255, or \\ before one printable character.`,
        );
      }
      out.push(escaped.octet);
      at += escaped.width;
    } else if (code < 0x80) {
      out.push(code);
      at++;
    } else {
      const char = String.fromCodePoint(text.codePointAt(at) ?? 0xfffd);
      out.push(...encoder.encode(char));
      at += char.length;
    }
  }
  return Uint8Array.from(out);
}

const DECIMAL = Array.from({ length: 256 }, (_, octet) => `\\${String(octet).padStart(3, "0")}`);
const SAFE_QUOTED = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;

/** A quoted character-string, one spelling per value: printable ASCII as it is, `"` and `\` behind a `\`, everything else as `\DDD`. */
export function quoteOctets(octets: Uint8Array): string {
  let out = "";
  for (const octet of octets) {
    if (octet < 0x20 || octet > 0x7e) out += DECIMAL[octet];
    else if (octet === 0x22 || octet === 0x5c) out += `\\${String.fromCharCode(octet)}`;
    else out += String.fromCharCode(octet);
  }
  return `"${out}"`;
}

/** `text` when it is its own canonical quoted content (printable ASCII without `"` and `\`): the common case, without a detour over octets. */
export function isSafeQuoted(text: string): boolean {
  return SAFE_QUOTED.test(text);
}

/** Like {@link quoteOctets} but without quotes, so that the result is one token: space, `;`, parentheses and the quote are escaped too. */
export function escapeOctets(octets: Uint8Array): string {
  let out = "";
  for (const octet of octets) {
    if (octet <= 0x20 || octet > 0x7e) out += DECIMAL[octet];
    else if (octet === 0x22 || octet === 0x5c || octet === 0x3b || octet === 0x28 || octet === 0x29) {
      out += `\\${String.fromCharCode(octet)}`;
    } else out += String.fromCharCode(octet);
  }
  return out;
}
