/** The kinds of fields that most record types are made of, each knowing its presentation, wire and form spelling. */
import { DnsSyntaxError, quoteInput } from "../errors";
import { mailboxToName, nameToMailbox } from "../mailbox";
import { parseName } from "../name";
import { isSafeQuoted, quoteOctets, unescapeOctets } from "../octets";
import type { Token } from "../tokenizer";
import { parseDuration } from "../ttl";
import { ipv4Bytes, ipv6Bytes, ipv6OfBytes, parseIpv4, parseIpv6 } from "./address";
import { base64Of, bytesOfBase64, bytesOfHex, hexOf } from "./encodings";
import { formTextToPresentation, octetsToFormText } from "./form-text";
import { MAX_RDATA, tooLong } from "./limits";
import type { RdataContext, RdataField, RdataFieldKind } from "./type";
import type { WireReader, WireWriter } from "./wire";

/** How one field is read and written. Canonical text is what `parse` and `read` return. */
export interface FieldCodec {
  /** Takes all tokens that are left instead of one (only for the last field). */
  readonly rest?: boolean;
  parse(tokens: readonly Token[], context: RdataContext): string;
  write(out: WireWriter, canonical: readonly Token[]): void;
  read(from: WireReader): string;
  /** Canonical text → form value, and form value → presentation text. Identity where they are left out. */
  show?(canonical: string, tokens: readonly Token[]): string;
  take?(value: string): string;
}

export interface CodedField extends RdataField {
  readonly codec: FieldCodec;
}

type FieldSpec = Omit<RdataField, "kind">;

const first = (tokens: readonly Token[]): string => tokens[0]?.text ?? "";

/** The single word of a field. @throws DnsSyntaxError for a quoted one. */
function word(tokens: readonly Token[]): string {
  const [token] = tokens;
  if (token?.quoted)
    throw new DnsSyntaxError("text-quotes", `${quoteInput(token.text)} must not stand in quotes. Remove them.`);
  return token?.text ?? "";
}

export function name(spec: FieldSpec): CodedField {
  return { ...spec, kind: "name", codec: nameCodec };
}

const nameCodec: FieldCodec = {
  parse: (tokens, context) => parseName(word(tokens), context.origin),
  write: (out, tokens) => out.name(first(tokens)),
  read: (from) => from.name(),
};

/** A mailbox as a domain name (RFC 1035 §8), shown and taken as an e-mail address in forms. */
export function mailbox(spec: FieldSpec): CodedField {
  return {
    ...spec,
    kind: "mailbox",
    codec: {
      ...nameCodec,
      show: nameToMailbox,
      take: (value) => (/.(?<!\\)@/.test(value) ? mailboxToName(value) : value),
    },
  };
}

function parseInteger(text: string, max: number, mnemonics?: Readonly<Record<string, number>>): string {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : mnemonics?.[text.toUpperCase()];
  if (value === undefined || value > max) {
    throw new DnsSyntaxError("number-range", `${quoteInput(text)} is not a number from 0 to ${max}.`);
  }
  return String(value);
}

function integer(spec: FieldSpec, width: 1 | 2 | 4, mnemonics?: Readonly<Record<string, number>>): CodedField {
  const kinds: Record<number, RdataFieldKind> = { 1: "uint8", 2: "uint16", 4: "uint32" };
  const max = 256 ** width - 1;
  return {
    ...spec,
    kind: spec.options ? "select" : (kinds[width] ?? "uint32"),
    codec: {
      parse: (tokens) => parseInteger(word(tokens), max, mnemonics),
      write: (out, tokens) => out.uint(Number(first(tokens)), width),
      read: (from) => String(from.uint(width)),
    },
  };
}

/** @param mnemonics words (upper case) that zone files may have in place of the number. */
export function uint8(spec: FieldSpec, mnemonics?: Readonly<Record<string, number>>): CodedField {
  return integer(spec, 1, mnemonics);
}

export function uint16(spec: FieldSpec): CodedField {
  return integer(spec, 2);
}

export function uint32(spec: FieldSpec): CodedField {
  return integer(spec, 4);
}

/** A 32-bit number of seconds; units as in TTLs are taken, the canonical form is the number. */
export function duration(spec: FieldSpec): CodedField {
  const { codec } = integer(spec, 4);
  return {
    ...spec,
    kind: "duration",
    codec: {
      ...codec,
      parse: (tokens) => {
        const seconds = parseDuration(word(tokens));
        if (seconds === undefined || seconds > 0xffffffff) {
          throw new DnsSyntaxError(
            "number-range",
            `${quoteInput(first(tokens))} is not a time. Write seconds, or a time such as 1h30m or 2d.`,
          );
        }
        return String(seconds);
      },
    },
  };
}

export function ipv4(spec: FieldSpec): CodedField {
  return {
    ...spec,
    kind: "ipv4",
    codec: {
      parse: (tokens) => parseIpv4(word(tokens)),
      write: (out, tokens) => out.bytes(ipv4Bytes(first(tokens))),
      read: (from) => from.bytes(4).join("."),
    },
  };
}

export function ipv6(spec: FieldSpec): CodedField {
  return {
    ...spec,
    kind: "ipv6",
    codec: {
      parse: (tokens) => parseIpv6(word(tokens)),
      write: (out, tokens) => out.bytes(ipv6Bytes(first(tokens))),
      read: (from) => ipv6OfBytes(from.bytes(16)),
    },
  };
}

function textOf(tokens: readonly Token[], max: number): string {
  const text = first(tokens);
  if (text.length <= max && isSafeQuoted(text)) return `"${text}"`;
  return quoteOctets(unescapeOctets(text, max));
}

/** An empty text shows as `""` where the form would otherwise ask for a value. */
const textForm = (optional = false) => ({
  show: (canonical: string) =>
    canonical === '""' && !optional ? canonical : octetsToFormText(unescapeOctets(canonical.slice(1, -1)), canonical),
  take: formTextToPresentation,
});

/** One character-string of at most 255 octets, RFC 1035 §3.3. */
export function text(spec: FieldSpec): CodedField {
  return {
    ...spec,
    kind: spec.options ? "select" : "text",
    codec: {
      parse: (tokens) => textOf(tokens, 255),
      write: (out, tokens) => {
        const octets = unescapeOctets(first(tokens));
        out.uint(octets.length, 1);
        out.bytes(octets);
      },
      read: (from) => quoteOctets(from.bytes(from.uint(1))),
      ...textForm(spec.optional),
    },
  };
}

/** Text up to the end of the rdata, written as one quoted string of any length (CAA and URI). */
export function longText(spec: FieldSpec): CodedField {
  return {
    ...spec,
    kind: "text",
    codec: {
      parse: (tokens) => textOf(tokens, MAX_RDATA),
      write: (out, tokens) => out.bytes(unescapeOctets(first(tokens))),
      read: (from) => quoteOctets(from.bytes()),
      ...textForm(spec.optional),
    },
  };
}

function binary(spec: FieldSpec, kind: "hex" | "base64"): CodedField {
  const [encode, decode] = kind === "hex" ? [hexOf, bytesOfHex] : [base64Of, bytesOfBase64];
  const parse = (tokens: readonly Token[]): string => {
    const digits = tokens.map((token) => token.text).join("");
    if (digits.length > 2 * MAX_RDATA) throw tooLong();
    const bytes = decode(digits);
    if (bytes.length === 0)
      throw new DnsSyntaxError(
        "rdata-fields",
        `${spec.label} is empty. Enter its ${kind === "hex" ? "hexadecimal" : "Base64"} value.`,
      );
    return encode(bytes);
  };
  return {
    ...spec,
    kind,
    codec: {
      rest: true,
      parse,
      write: (out, tokens) => out.bytes(decode(first(tokens))),
      read: (from) => {
        if (from.left === 0) throw new DnsSyntaxError("rdata-wire", `${spec.label} is empty.`);
        return encode(from.bytes());
      },
    },
  };
}

/** Octets up to the end of the rdata in hexadecimal, spaces allowed between them. */
export function hex(spec: FieldSpec): CodedField {
  return binary(spec, "hex");
}

/** Octets up to the end of the rdata in Base64, spaces allowed between them. */
export function base64(spec: FieldSpec): CodedField {
  return binary(spec, "base64");
}
