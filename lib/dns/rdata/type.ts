import type { Token } from "../tokenizer";

/** What a form offers for a field. `text`: one character-string; `strings`: TXT data, split by us; `duration`: seconds, units allowed. */
export type RdataFieldKind =
  | "name"
  | "mailbox"
  | "ipv4"
  | "ipv6"
  | "uint8"
  | "uint16"
  | "uint32"
  | "duration"
  | "text"
  | "strings"
  | "hex"
  | "base64"
  | "select"
  | "params";

/** One field of a record type, as a form shows it. Plain data. */
export interface RdataField {
  /** Key in what `split` returns and `join` takes. */
  readonly name: string;
  readonly label: string;
  readonly help: string;
  readonly kind: RdataFieldKind;
  /** For `select`: the known values. Other values stay valid; the form must not lose them. */
  readonly options?: readonly { readonly value: string; readonly label: string }[];
  readonly placeholder: string;
  readonly optional?: boolean;
}

export interface RdataContext {
  /** Canonical name that relative names are completed with. */
  readonly origin: string;
}

/** A record type: its data between presentation form, wire form and form fields. */
export interface RdataType {
  /** Mnemonic in upper case. */
  readonly type: string;
  /** IANA number. */
  readonly code: number;
  readonly fields: readonly RdataField[];
  /** One or two sentences on what the type is for. */
  readonly help: string;
  /** Canonical presentation form: one spelling per value, absolute names, single spaces. @throws DnsSyntaxError */
  parse(tokens: readonly Token[], context: RdataContext): string;
  /** Uncompressed wire form of canonical rdata. */
  toWire(rdata: string): Uint8Array;
  /** Canonical presentation form of wire data, the inverse of `toWire`. @throws DnsSyntaxError */
  fromWire(bytes: Uint8Array): string;
  /** The same from inside a DNS message, where names may be compressed. @throws DnsSyntaxError */
  fromMessage(message: Uint8Array, offset: number, length: number): string;
  /** Canonical rdata as form values, one for each field. */
  split(rdata: string): Record<string, string>;
  /**
   * Form values as presentation text for `parseRdata`, which completes relative names and makes it canonical:
   * `parseRdata(type, join(split(rdata)), origin) === rdata`.
   * @throws DnsSyntaxError when a field that is needed is empty.
   */
  join(values: Readonly<Record<string, string>>): string;
}
