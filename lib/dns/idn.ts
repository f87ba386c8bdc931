import { decodePunycode } from "./punycode";

/** Characters that IDNA (UTS #46) takes for the dot between labels. */
export const DOTS = /[.\u3002\uff0e\uff61]/;

/**
 * One label in A-label form, by the platform's own UTS #46 mapping (the URL parser: the same in Node and in every browser).
 * @param label Unicode; its ASCII characters must be letters, digits, `-` or `_`, so that the URL parser sees nothing but a host.
 * @returns lower-case ASCII, or `undefined` when the label is not valid IDNA.
 */
export function labelToAscii(label: string): string | undefined {
  // Nothing that long fits into 63 octets, and Punycode takes quadratic time.
  if (label.length > 255) return undefined;
  for (const char of label) {
    if (char < "\x80" && !/[a-z0-9_-]/i.test(char)) return undefined;
  }
  // The reserved top-level name keeps a numeric label from being read as an IPv4 address.
  const ascii = parseUrl(`http://${label}.invalid`)?.hostname.replace(/\.invalid$/, "");
  return ascii && /^[a-z0-9_-]+$/.test(ascii) ? ascii : undefined;
}

function parseUrl(text: string): URL | null {
  try {
    return new URL(text);
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

/**
 * One label as people read it. Safe for display: only a label that encodes back to exactly the same A-label is shown in
 * Unicode, and none that starts or ends with a hyphen (RFC 5891 §4.2.3.1).
 * @param label lower-case ASCII.
 */
export function labelToUnicode(label: string): string {
  if (!label.startsWith("xn--")) return label;
  const unicode = decodePunycode(label.slice(4));
  if (unicode === undefined || /^-|-$/.test(unicode)) return label;
  return labelToAscii(unicode) === label ? unicode : label;
}
