/** Labels between presentation text and octets; what names are made of. */
import { DnsSyntaxError, quoteInput } from "./errors";
import { DOTS, labelToAscii } from "./idn";
import { readEscape } from "./octets";

/** Octets on the wire, RFC 1035 §2.3.4. */
export const MAX_NAME = 255;
export const MAX_LABEL = 63;
export const DOT = 0x2e;
export const BACKSLASH = 0x5c;

/** Characters that stand for themselves in a canonical name. All others are escaped: Knot 3.2 takes no others as they are. */
const PLAIN = new Uint8Array(128);
for (const char of "abcdefghijklmnopqrstuvwxyz0123456789*-/_") PLAIN[char.charCodeAt(0)] = 1;
/** Those written as `\X`, as BIND does; the rest are `\DDD`. `\[` in particular is a label type of the past to BIND. */
const BACKSLASHED = /["$().;@\\]/;

/** Whether the text is a row of labels in canonical spelling, each of a good length, relative or absolute; the common case. */
export function isPlain(text: string): boolean {
  let label = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === DOT) {
      if (label === 0 || label > MAX_LABEL) return false;
      label = 0;
    } else {
      if (PLAIN[code] !== 1) return false;
      label++;
    }
  }
  return label <= MAX_LABEL && text.length > 0;
}

export function nameTooLong(text: string): DnsSyntaxError {
  return new DnsSyntaxError("name-length", `${quoteInput(text)} is longer than ${MAX_NAME} octets. Shorten the name.`);
}

/**
 * Splits presentation text into labels of octets (one character each, 0 … 255), ASCII letters in lower case. Labels with characters outside ASCII
 * become A-labels.
 * @throws DnsSyntaxError
 */
export function decodeLabels(text: string): { labels: string[]; absolute: boolean } {
  const parts = splitAtDots(text);
  const absolute = parts.length > 1 && parts.at(-1) === "";
  if (absolute) parts.pop();
  return { labels: parts.map((part) => decodeLabel(part, text)), absolute };
}

function splitAtDots(text: string): string[] {
  const parts: string[] = [];
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) at += (readEscape(text, at)?.width ?? 1) - 1;
    else if (code === DOT || (code > 0x7f && DOTS.test(text.charAt(at)))) {
      parts.push(text.slice(start, at));
      start = at + 1;
      if (parts.length > MAX_NAME / 2) throw nameTooLong(text);
    }
  }
  parts.push(text.slice(start));
  return parts;
}

function decodeLabel(part: string, text: string): string {
  if (part === "") {
    const message = `${quoteInput(text)} has an empty label: two dots in a row, or a dot in front.`;
    throw new DnsSyntaxError("name-empty", message);
  }
  // Four characters an octet at most; hostile lengths end here.
  const octets =
    part.length > 4 * MAX_LABEL ? part : /[^\0-\x7f]/.test(part) ? internationalLabel(part) : unescapeLabel(part, text);
  if (octets.length > MAX_LABEL) {
    const message = `The label ${quoteInput(part)} is longer than ${MAX_LABEL} octets. Shorten it.`;
    throw new DnsSyntaxError("name-label-length", message);
  }
  return octets.replace(/[A-Z]/g, (upper) => upper.toLowerCase());
}

function internationalLabel(part: string): string {
  const ascii = labelToAscii(part);
  if (ascii === undefined) {
    const message = `${quoteInput(part)} is not a valid international label (IDNA). Check it for stray characters.`;
    throw new DnsSyntaxError("name-idn", message);
  }
  return ascii;
}

function unescapeLabel(part: string, text: string): string {
  let octets = "";
  for (let at = 0; at < part.length; ) {
    const code = part.charCodeAt(at);
    const escaped = code === BACKSLASH ? readEscape(part, at) : { octet: code, width: 1 };
    if (!escaped) {
      const message = `${quoteInput(text)} holds a bad escape: write \\DDD (000 to 255) or \\ and one character.`;
      throw new DnsSyntaxError("name-escape", message);
    }
    if (code <= 0x20 || code === 0x7f || code === 0x22) {
      const message = `${quoteInput(text)} holds a space, quote or control character. Remove it, or write it as \\DDD.`;
      throw new DnsSyntaxError("name-characters", message);
    }
    octets += String.fromCharCode(escaped.octet);
    at += escaped.width;
  }
  return octets;
}

function escapeLabel(octets: string): string {
  let out = "";
  for (let at = 0; at < octets.length; at++) {
    const code = octets.charCodeAt(at);
    if (PLAIN[code] === 1) out += octets.charAt(at);
    else if (BACKSLASHED.test(octets.charAt(at))) out += `\\${octets.charAt(at)}`;
    else out += `\\${String(code).padStart(3, "0")}`;
  }
  return out;
}

/** The canonical name of these labels. @throws DnsSyntaxError "name-length" */
export function joinLabels(labels: readonly string[]): string {
  let octets = 1;
  for (const label of labels) octets += label.length + 1;
  const name = `${labels.map(escapeLabel).join(".")}.`;
  if (octets > MAX_NAME) throw nameTooLong(name);
  return name;
}
