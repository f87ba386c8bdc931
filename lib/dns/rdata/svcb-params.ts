/** The parameters of SVCB and HTTPS records: RFC 9460 §2.1, §7, §14.3.2 and RFC 9461 (dohpath). */
import { DnsSyntaxError, quoteInput } from "../errors";
import { escapeOctets, unescapeOctets } from "../octets";
import { ipv4Bytes, ipv6Bytes, ipv6OfBytes, parseIpv4, parseIpv6 } from "./address";
import { base64Of, bytesOfBase64 } from "./encodings";
import { MAX_RDATA } from "./limits";

/** Keys by number; the index is the number. */
const KEYS = ["mandatory", "alpn", "no-default-alpn", "port", "ipv4hint", "ech", "ipv6hint"];
/** Words of newer keys that are understood, but written as `keyN`: Knot 3.2 does not know `dohpath`, BIND 9.18 writes `key7` itself. */
const NEWER_KEYS: Readonly<Record<string, number>> = { dohpath: 7, ohttp: 8, "tls-supported-groups": 9 };

/** Wire values by key number. */
type SvcParams = ReadonlyMap<number, Uint8Array>;

function fail(message: string): never {
  throw new DnsSyntaxError("rdata-value", message);
}

function keyNumber(word: string): number {
  const lower = word.toLowerCase();
  const known = KEYS.indexOf(lower);
  if (known >= 0) return known;
  if (Object.hasOwn(NEWER_KEYS, lower)) return NEWER_KEYS[lower] ?? 0;
  const number = /^key(0|[1-9]\d{0,4})$/.exec(lower)?.[1];
  // 65535 is reserved as an invalid key.
  if (number === undefined || Number(number) > 65_534)
    fail(
      `${quoteInput(word)} is not a service parameter. Use alpn, port, ipv4hint, ipv6hint, ech, mandatory, no-default-alpn, dohpath or keyNNN.`,
    );
  return Number(number);
}

export function keyName(key: number): string {
  return KEYS[key] ?? `key${key}`;
}

const concat = (parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(parts.flatMap((part) => [...part]));

/** RFC 9460 appendix A.1: items between commas; `\,` and `\\` stand for themselves. */
function valueList(octets: Uint8Array): Uint8Array[] {
  const items: number[][] = [[]];
  for (let at = 0; at < octets.length; at++) {
    const octet = octets[at] ?? 0;
    if (octet === 0x2c) items.push([]);
    else if (octet === 0x5c) items.at(-1)?.push(octets[++at] ?? fail("A comma list ends with a backslash. Remove it."));
    else items.at(-1)?.push(octet);
  }
  return items.map((item) => Uint8Array.from(item));
}

/** The wire value of `key` for the octets of its presentation value. */
function valueToWire(key: number, octets: Uint8Array): Uint8Array {
  const text = (): string => String.fromCharCode(...octets);
  switch (key) {
    case 0: {
      const keys = text()
        .split(",")
        .map(keyNumber)
        .sort((x, y) => x - y);
      return Uint8Array.from(keys.flatMap((listed) => [listed >> 8, listed & 255]));
    }
    case 1:
      return concat(
        valueList(octets).map((id) => {
          if (id.length === 0 || id.length > 255)
            fail("A protocol in alpn is empty or longer than 255 octets. Write protocols such as h2,h3.");
          return Uint8Array.from([id.length, ...id]);
        }),
      );
    case 3:
      if (!/^\d{1,5}$/.test(text()) || Number(text()) > 65_535)
        fail(`${quoteInput(text())} is not a port. Write a number from 0 to 65535.`);
      return Uint8Array.from([Number(text()) >> 8, Number(text()) & 255]);
    case 4:
      return concat(
        text()
          .split(",")
          .map((address) => ipv4Bytes(parseIpv4(address))),
      );
    case 5:
      return bytesOfBase64(text());
    case 6:
      return concat(
        text()
          .split(",")
          .map((address) => ipv6Bytes(parseIpv6(address))),
      );
    default:
      return octets;
  }
}

function slices(bytes: Uint8Array, size: number): Uint8Array[] {
  return Array.from({ length: bytes.length / size }, (_, at) => bytes.subarray(at * size, (at + 1) * size));
}

function alpnIds(bytes: Uint8Array): Uint8Array[] {
  const ids: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = bytes[at] ?? 0;
    if (length === 0 || at + 1 + length > bytes.length)
      fail("The alpn value is broken. Write protocols such as h2,h3.");
    ids.push(bytes.subarray(at + 1, at + 1 + length));
    at += 1 + length;
  }
  return ids;
}

/** The octets of the presentation value, before escaping. */
function valueFromWire(key: number, bytes: Uint8Array): Uint8Array {
  const octets = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0));
  switch (key) {
    case 0:
      return octets(
        slices(bytes, 2)
          .map(([high = 0, low = 0]) => keyName(high * 256 + low))
          .join(","),
      );
    case 1: {
      const escaped = alpnIds(bytes).map((id) =>
        [...id].flatMap((octet) => (octet === 0x2c || octet === 0x5c ? [0x5c, octet] : [octet])),
      );
      return Uint8Array.from(escaped.flatMap((id, index) => (index === 0 ? id : [0x2c, ...id])));
    }
    case 3:
      return octets(String((bytes[0] ?? 0) * 256 + (bytes[1] ?? 0)));
    case 4:
      return octets(
        slices(bytes, 4)
          .map((address) => address.join("."))
          .join(","),
      );
    case 5:
      return octets(base64Of(bytes));
    case 6:
      return octets(slices(bytes, 16).map(ipv6OfBytes).join(","));
    default:
      return bytes;
  }
}

/** Checks wire values one by one and against each other. @throws DnsSyntaxError "rdata-value" */
export function checkParams(params: SvcParams): void {
  for (const [key, bytes] of params) checkValue(key, bytes);
  if (params.has(2) && !params.has(1))
    fail("no-default-alpn needs an alpn beside it. Add alpn, or remove no-default-alpn.");
  const mandatory = slices(params.get(0) ?? new Uint8Array(), 2).map(([high = 0, low = 0]) => high * 256 + low);
  for (const [index, key] of mandatory.entries()) {
    if (key === 0) fail("mandatory must not list itself. Remove it from the list.");
    if (index > 0 && key <= (mandatory[index - 1] ?? 0))
      fail(`mandatory lists ${keyName(key)} twice or out of order. List each key once.`);
    if (!params.has(key))
      fail(`mandatory lists ${keyName(key)}, which the record does not have. Add it, or take it off the list.`);
  }
}

/** What the length of each known value must be a multiple of; 0 means empty. */
const UNITS: Readonly<Record<number, number>> = { 0: 2, 2: 0, 3: 2, 4: 4, 6: 16 };

function checkValue(key: number, bytes: Uint8Array): void {
  const unit = UNITS[key];
  if (unit === 0 && bytes.length > 0) fail(`${keyName(key)} takes no value. Remove it.`);
  if (unit && (bytes.length % unit !== 0 || bytes.length === 0 || (key === 3 && bytes.length !== 2)))
    fail(`The value of ${keyName(key)} is empty or broken. Enter one.`);
  if ((key === 1 || key === 5 || key === 7) && bytes.length === 0) fail(`${keyName(key)} needs a value. Enter one.`);
  if (key === 1) alpnIds(bytes);
  if (key === 7 && !isDohPath(String.fromCharCode(...bytes))) {
    fail("dohpath (key7) must be a path with the variable dns, such as /dns-query{?dns}.");
  }
}

/** RFC 9461 §5: a relative URI template with the variable `dns`. */
function isDohPath(path: string): boolean {
  const expressions = path.split("{?").slice(1);
  return (
    path.startsWith("/") &&
    expressions.some((rest) => (rest.split("}", 2)[0] ?? "").split(",").includes("dns") && rest.includes("}"))
  );
}

/** One parameter as a single word. Values are written without quotes; what would end the word is escaped. */
export function formatParam(key: number, bytes: Uint8Array): string {
  const value = escapeOctets(valueFromWire(key, bytes));
  return value === "" ? keyName(key) : `${keyName(key)}=${value}`;
}

/**
 * One parameter's key and wire value. Behind a key written `keyN` the value is in wire form also where `N` has a word (RFC 9460 §2.1).
 * @param value the presentation value with its escapes, or `undefined` where the word has no `=`.
 */
export function parseParam(word: string, value: string | undefined): { key: number; bytes: Uint8Array } {
  const key = keyNumber(word);
  if (value === undefined) return { key, bytes: new Uint8Array() };
  const octets = unescapeOctets(value, MAX_RDATA);
  return { key, bytes: /^key\d/i.test(word) ? octets : valueToWire(key, octets) };
}
