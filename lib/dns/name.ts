/**
 * Domain names. Inside the program a name is a string in one spelling: absolute, lower case, with the final dot, A-labels, octets that
 * are special in zone files escaped as in RFC 1035 §5.1. Equal names are equal strings.
 */
import { DnsSyntaxError, quoteInput } from "./errors";
import { DOTS, labelToAscii, labelToUnicode } from "./idn";
import { readEscape } from "./octets";

/** Octets on the wire, RFC 1035 §2.3.4. */
const MAX_NAME = 255;
const MAX_LABEL = 63;
const DOT = 0x2e;
const BACKSLASH = 0x5c;

/** Characters that stand for themselves in a canonical name. All others are escaped: Knot 3.2 takes no others as they are. */
const PLAIN = new Uint8Array(128);
for (const char of "abcdefghijklmnopqrstuvwxyz0123456789*-/_") PLAIN[char.charCodeAt(0)] = 1;
/** Those written as `\X`, as BIND does; the rest are `\DDD`. `\[` in particular is a label type of the past to BIND. */
const BACKSLASHED = /["$().;@\\]/;

function isPlain(text: string): boolean {
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

function tooLong(text: string): DnsSyntaxError {
  return new DnsSyntaxError("name-length", `${quoteInput(text)} is longer than ${MAX_NAME} octets. Shorten the name.`);
}

/** Splits presentation text into labels of octets (one character each, 0 … 255), ASCII letters in lower case. */
function decodeLabels(text: string): { labels: string[]; absolute: boolean } {
  const labels: string[] = [];
  let label = "";
  let raw = "";
  let open = false;
  const close = (): void => {
    if (!open)
      throw new DnsSyntaxError(
        "name-empty",
        `${quoteInput(text)} has an empty label: two dots in a row, or a dot in front.`,
      );
    const octets = /[^\0-\x7f]/.test(raw) ? internationalLabel(raw) : label;
    if (octets.length > MAX_LABEL) {
      throw new DnsSyntaxError(
        "name-label-length",
        `The label ${quoteInput(raw)} is longer than ${MAX_LABEL} octets. Shorten it.`,
      );
    }
    labels.push(octets.replace(/[A-Z]/g, (upper) => upper.toLowerCase()));
    label = raw = "";
    open = false;
  };
  for (let at = 0; at < text.length; ) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) {
      const escaped = readEscape(text, at);
      if (!escaped) {
        throw new DnsSyntaxError(
          "name-escape",
          `${quoteInput(text)} holds a bad escape: write \\DDD (000 to 255) or \\ and one character.`,
        );
      }
      label += String.fromCharCode(escaped.octet);
      raw += text.slice(at, at + escaped.width);
      open = true;
      at += escaped.width;
    } else if (code === DOT || (code > 0x7f && DOTS.test(text.charAt(at)))) {
      close();
      at++;
    } else {
      if (code <= 0x20 || code === 0x7f || code === 0x22) {
        throw new DnsSyntaxError(
          "name-characters",
          `${quoteInput(text)} holds a space, quote or control character. Remove it, or write it as \\DDD.`,
        );
      }
      label += text.charAt(at);
      raw += text.charAt(at);
      open = true;
      at++;
    }
  }
  const absolute = !open;
  if (open) close();
  return { labels, absolute };
}

function internationalLabel(raw: string): string {
  const ascii = labelToAscii(raw);
  if (ascii === undefined) {
    throw new DnsSyntaxError(
      "name-idn",
      `${quoteInput(raw)} is not a valid international label (IDNA). Check it for stray characters.`,
    );
  }
  return ascii;
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

function join(labels: readonly string[]): string {
  let octets = 1;
  for (const label of labels) octets += label.length + 1;
  const name = `${labels.map(escapeLabel).join(".")}.`;
  if (octets > MAX_NAME) throw tooLong(name);
  return name;
}

/**
 * A name in presentation form (RFC 1035 §5.1) made canonical. `@` stands for the origin. Labels written in Unicode become A-labels;
 * octets written as `\DDD` stay octets.
 * @param origin canonical name that a relative name is completed with; without it a relative name is refused.
 * @throws DnsSyntaxError
 */
export function parseName(input: string, origin?: string): string {
  if (isPlain(input)) {
    const absolute = input.charCodeAt(input.length - 1) === DOT;
    if (absolute || (origin !== undefined && !origin.includes("\\"))) {
      const name = absolute ? input : origin === "." ? `${input}.` : `${input}.${origin}`;
      if (name.length >= MAX_NAME) throw tooLong(name);
      return name;
    }
  }
  if (input === ".") return ".";
  if (input === "")
    throw new DnsSyntaxError("name-empty", "The name is empty. Write a name, or @ for the zone itself.");
  const { labels, absolute } = input === "@" ? { labels: [], absolute: false } : decodeLabels(input);
  if (absolute) return join(labels);
  if (origin === undefined) {
    throw new DnsSyntaxError(
      "name-relative",
      `${quoteInput(input)} is relative and there is no $ORIGIN. End the name with a dot.`,
    );
  }
  return labels.length === 0 ? origin : join([...labels, ...labelsOf(origin)]);
}

/** The labels of a canonical name from left to right, each as octets (one character each, 0 … 255). The root has none. */
export function labelsOf(name: string): string[] {
  if (name === ".") return [];
  return name.includes("\\") ? decodeLabels(name).labels : name.slice(0, -1).split(".");
}

/**
 * A domain name as a person types it: Unicode or A-labels, any case, with or without the final dot; always meant as a whole name.
 * @param options.wildcard allows a leftmost label `*` (owners); an apex may not have one.
 * @throws DnsSyntaxError with a message for the form.
 */
export function fromUserInput(input: string, options: { wildcard?: boolean } = {}): string {
  const text = input.trim();
  if (text === "") throw new DnsSyntaxError("name-empty", "Enter a domain name, such as example.com.");
  refuseOtherThings(text);
  const labels = (text.endsWith(".") ? text.slice(0, -1) : text).split(DOTS);
  const reverse = /\.(in-addr|ip6)\.arpa\.?$/i.test(text);
  for (const [index, label] of labels.entries()) {
    if (label === "*") {
      if (options.wildcard && index === 0) continue;
      throw new DnsSyntaxError(
        "name-wildcard",
        `${quoteInput(text)} is a wildcard. Enter the domain name without “*”.`,
      );
    }
    checkTypedLabel(label, text, reverse);
  }
  return parseName(`${labels.join(".")}.`);
}

function refuseOtherThings(text: string): void {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text) || (/[/?#]/.test(text) && !/\.arpa\.?$/i.test(text))) {
    throw new DnsSyntaxError(
      "name-is-url",
      `${quoteInput(text)} is a web address. Enter only its domain name, such as example.com.`,
    );
  }
  if (text.includes("@")) {
    throw new DnsSyntaxError(
      "name-characters",
      `${quoteInput(text)} is an e-mail address. Enter only the domain name after the @.`,
    );
  }
  if (text.includes(":") || /^\[.*\]$/.test(text) || /(^|\.)\d+\.?$/.test(text)) {
    throw new DnsSyntaxError(
      "name-is-address",
      `${quoteInput(text)} is an IP address or has a port. Enter a domain name, such as example.com.`,
    );
  }
}

function checkTypedLabel(label: string, text: string, reverse: boolean): void {
  if (label === "")
    throw new DnsSyntaxError(
      "name-empty",
      `${quoteInput(text)} has an empty label: two dots in a row, or a dot in front.`,
    );
  // RFC 2317 reverse zones are called 0/25.2.0.192.in-addr.arpa.
  const allowed = reverse ? /^[\w/\u0080-\u{10ffff}-]+$/u : /^[\w\u0080-\u{10ffff}-]+$/u;
  if (!allowed.test(label)) {
    throw new DnsSyntaxError(
      "name-characters",
      `${quoteInput(text)} is not a domain name. Use letters, digits, “-” and “_”, with dots between the labels.`,
    );
  }
  if (label.startsWith("-") || label.endsWith("-")) {
    throw new DnsSyntaxError(
      "name-characters",
      `The label ${quoteInput(label)} starts or ends with a hyphen. Remove it.`,
    );
  }
}

/** A canonical name as people read it: Unicode, without the final dot. A label that is not a valid IDN stays as it is. */
export function toUnicode(name: string): string {
  if (name === ".") return name;
  const shown = name.slice(0, -1);
  return shown.includes("xn--") ? shown.split(".").map(labelToUnicode).join(".") : shown;
}

/** Whether `name` is `apex` or below it. Both canonical. */
export function isSubdomain(name: string, apex: string): boolean {
  if (name === apex || apex === ".") return true;
  const at = name.length - apex.length - 1;
  if (at < 0 || name.charCodeAt(at) !== DOT || !name.endsWith(apex)) return false;
  let backslashes = 0;
  while (name.charCodeAt(at - 1 - backslashes) === BACKSLASH) backslashes++;
  return backslashes % 2 === 0;
}

/** The canonical order of RFC 4034 §6.1: label by label from the right, by octets. Negative, 0 or positive. */
export function compareNames(a: string, b: string): number {
  if (a === b) return 0;
  if (a.includes("\\") || b.includes("\\")) return compareLabels(labelsOf(a), labelsOf(b));
  let endA = a.length - 1;
  let endB = b.length - 1;
  while (endA > 0 && endB > 0) {
    const startA = a.lastIndexOf(".", endA - 1) + 1;
    const startB = b.lastIndexOf(".", endB - 1) + 1;
    const order = compareRuns(a, startA, endA, b, startB, endB);
    if (order !== 0) return order;
    endA = startA - 1;
    endB = startB - 1;
  }
  return endA - endB;
}

function compareRuns(a: string, startA: number, endA: number, b: string, startB: number, endB: number): number {
  const shared = Math.min(endA - startA, endB - startB);
  for (let at = 0; at < shared; at++) {
    const order = a.charCodeAt(startA + at) - b.charCodeAt(startB + at);
    if (order !== 0) return order;
  }
  return endA - startA - (endB - startB);
}

function compareLabels(a: readonly string[], b: readonly string[]): number {
  for (let back = 1; back <= a.length && back <= b.length; back++) {
    const [left = "", right = ""] = [a.at(-back), b.at(-back)];
    const order = compareRuns(left, 0, left.length, right, 0, right.length);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

/** The part of `name` before `apex`, without a final dot; `@` for the apex. A name outside the zone stays absolute. */
export function relativeName(name: string, apex: string): string {
  if (name === apex) return "@";
  if (!isSubdomain(name, apex)) return name;
  return name.slice(0, apex === "." ? -1 : -apex.length - 1);
}

/** The inverse of {@link relativeName}; an empty text also stands for the apex. @throws DnsSyntaxError */
export function absoluteName(relative: string, apex: string): string {
  return relative === "" ? apex : parseName(relative, apex);
}

/** A canonical name in wire form without compression, RFC 1035 §3.1. */
export function nameToWire(name: string): Uint8Array {
  const labels = labelsOf(name);
  const wire = new Uint8Array(labels.reduce((sum, label) => sum + label.length + 1, 1));
  let at = 0;
  for (const label of labels) {
    wire[at++] = label.length;
    for (let i = 0; i < label.length; i++) wire[at++] = label.charCodeAt(i);
  }
  return wire;
}

/**
 * Reads a name from wire form at `offset`, following compression pointers (RFC 1035 §4.1.4), which must point backwards.
 * @param options.compression false refuses pointers, as where RFC 3597 §4 forbids them.
 * @returns the canonical name, and the offset behind it where it stood (behind the first pointer, if there was one).
 * @throws DnsSyntaxError "rdata-wire"
 */
export function nameFromWire(
  buf: Uint8Array,
  offset: number,
  options: { compression?: boolean } = {},
): { name: string; end: number } {
  const labels: string[] = [];
  let at = offset;
  let end = -1;
  let lowest = offset;
  let total = 1;
  for (;;) {
    const length = buf[at];
    if (length === undefined) throw new DnsSyntaxError("rdata-wire", "A name runs over the end of the data.");
    if (length === 0) return { name: join(labels), end: end < 0 ? at + 1 : end };
    if (length >= 0xc0) {
      const target = ((length & 0x3f) << 8) | (buf[at + 1] ?? 0xffff);
      if (options.compression === false || target >= lowest)
        throw new DnsSyntaxError("rdata-wire", "A name holds a compression pointer that is not allowed.");
      if (end < 0) end = at + 2;
      at = lowest = target;
      continue;
    }
    total += length + 1;
    if (length > MAX_LABEL || total > MAX_NAME || at + 1 + length > buf.length) {
      throw new DnsSyntaxError("rdata-wire", "A name is longer than DNS allows or runs over the end of the data.");
    }
    let label = "";
    for (let i = at + 1; i <= at + length; i++) {
      const octet = buf[i] ?? 0;
      label += String.fromCharCode(octet >= 0x41 && octet <= 0x5a ? octet + 0x20 : octet);
    }
    labels.push(label);
    at += length + 1;
  }
}
