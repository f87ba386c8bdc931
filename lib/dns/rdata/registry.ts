import { DnsSyntaxError, quoteInput } from "../errors";
import { type Token, tokenize } from "../tokenizer";
import { a } from "./a";
import { aaaa } from "./aaaa";
import { afsdb } from "./afsdb";
import { caa } from "./caa";
import { cname } from "./cname";
import { dname } from "./dname";
import { ds } from "./ds";
import { hinfo } from "./hinfo";
import { https } from "./https";
import { loc } from "./loc";
import { mx } from "./mx";
import { naptr } from "./naptr";
import { ns } from "./ns";
import { OTHER_TYPES } from "./other-types";
import { ptr } from "./ptr";
import { rp } from "./rp";
import { soa } from "./soa";
import { spf } from "./spf";
import { srv } from "./srv";
import { sshfp } from "./sshfp";
import { svcb } from "./svcb";
import { tlsa } from "./tlsa";
import { txt } from "./txt";
import type { RdataType } from "./type";
import { formatGeneric, isGeneric, parseGeneric } from "./unknown";
import { uri } from "./uri";

/** Every type with a form of its own, in the order that menus show them. */
export const RDATA_TYPES: readonly RdataType[] = [
  a,
  aaaa,
  cname,
  mx,
  txt,
  ns,
  srv,
  caa,
  https,
  svcb,
  ptr,
  naptr,
  tlsa,
  sshfp,
  ds,
  dname,
  loc,
  uri,
  hinfo,
  rp,
  afsdb,
  spf,
  soa,
];

const BY_NAME = new Map(RDATA_TYPES.map((type) => [type.type, type]));
const BY_CODE = new Map(RDATA_TYPES.map((type) => [type.code, type]));

/** The type of that mnemonic (upper case), or `undefined` for one that is kept in RFC 3597 form. */
export function rdataType(type: string): RdataType | undefined {
  return BY_NAME.get(type);
}

/** @param type mnemonic or `TYPEn`, any case. @throws DnsSyntaxError "type-unknown" */
export function typeCode(type: string): number {
  const upper = type.toUpperCase();
  const known = BY_NAME.get(upper)?.code ?? (Object.hasOwn(OTHER_TYPES, upper) ? OTHER_TYPES[upper] : undefined);
  if (known !== undefined) return known;
  const number = /^TYPE(\d{1,5})$/.exec(upper)?.[1];
  if (number !== undefined && Number(number) <= 65_535) return Number(number);
  throw new DnsSyntaxError(
    "type-unknown",
    `${quoteInput(type)} is not a record type. Write a type such as A, MX or TXT, or TYPE and its number.`,
  );
}

/** The spelling of a type in our zones: the mnemonic of a type with a form of its own, otherwise `TYPEn`. */
export function typeName(code: number): string {
  return BY_CODE.get(code)?.type ?? `TYPE${code}`;
}

/**
 * Record data in presentation form made canonical. Takes RFC 3597 form for every type and turns it into the known form where there is one.
 * @param type canonical type name. @param origin canonical name that relative names are completed with.
 * @throws DnsSyntaxError with a message that says what to do.
 */
export function parseRdata(type: string, text: string, origin: string): string {
  return parseRdataTokens(type, tokenize(text), origin);
}

/** The same from tokens, as the zone file reader has them. @throws DnsSyntaxError */
export function parseRdataTokens(type: string, tokens: readonly Token[], origin: string): string {
  const known = BY_NAME.get(type);
  if (tokens.length === 0)
    throw new DnsSyntaxError("rdata-fields", `The ${type} record has no data. Add it behind the type.`);
  if (isGeneric(tokens)) return rdataFromWire(type, parseGeneric(tokens));
  if (known) return known.parse(tokens, { origin });
  throw new DnsSyntaxError(
    "rdata-fields",
    `Data of type ${type} can only be given in generic form: \\# LENGTH HEX (RFC 3597).`,
  );
}

/** Uncompressed wire form of canonical rdata. */
export function rdataToWire(type: string, rdata: string): Uint8Array {
  // Canonical data of a known type never starts with \#.
  return BY_NAME.get(type)?.toWire(rdata) ?? parseGeneric(tokenize(rdata));
}

/** Canonical rdata from uncompressed wire form. @throws DnsSyntaxError "rdata-wire" and the type's own */
export function rdataFromWire(type: string, bytes: Uint8Array): string {
  return BY_NAME.get(type)?.fromWire(bytes) ?? formatGeneric(bytes);
}

/** Canonical rdata from inside a DNS message, where names may be compressed. @throws DnsSyntaxError */
export function rdataFromMessage(type: string, message: Uint8Array, offset: number, length: number): string {
  const known = BY_NAME.get(type);
  if (offset + length > message.length)
    throw new DnsSyntaxError("rdata-wire", "Record data runs over the end of the message.");
  return known?.fromMessage(message, offset, length) ?? formatGeneric(message.subarray(offset, offset + length));
}
