/**
 * Domain names. Inside the program a name is a string in one spelling: absolute, lower case, with the final dot, A-labels, octets that
 * are special in zone files escaped as in RFC 1035 §5.1. Equal names are equal strings.
 */
import { DnsSyntaxError, quoteInput } from "./errors";
import { DOTS, labelToUnicode } from "./idn";
import { BACKSLASH, DOT, decodeLabels, isPlain, joinLabels, MAX_LABEL, MAX_NAME, nameTooLong } from "./labels";

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
      if (name.length >= MAX_NAME) throw nameTooLong(name);
      return name;
    }
  }
  if (input === ".") return ".";
  if (input === "")
    throw new DnsSyntaxError("name-empty", "The name is empty. Write a name, or @ for the zone itself.");
  const { labels, absolute } = input === "@" ? { labels: [], absolute: false } : decodeLabels(input);
  if (absolute) return joinLabels(labels);
  if (origin === undefined) {
    throw new DnsSyntaxError(
      "name-relative",
      `${quoteInput(input)} is relative and there is no $ORIGIN. End the name with a dot.`,
    );
  }
  return labels.length === 0 ? origin : joinLabels([...labels, ...labelsOf(origin)]);
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
    if (length === 0) return { name: joinLabels(labels), end: end < 0 ? at + 1 : end };
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
