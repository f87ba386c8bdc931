import { DnsSyntaxError } from "../errors";
import { isSafeQuoted, quoteOctets, unescapeOctets } from "../octets";
import { type Token, tokenize } from "../tokenizer";
import { formTextToPresentation, octetsToFormText } from "./form-text";
import { checkLength, MAX_RDATA } from "./limits";
import type { RdataType } from "./type";
import { WireReader, WireWriter } from "./wire";

/** Octets in one character-string, RFC 1035 §3.3. */
const MAX_STRING = 255;

function* chunks(octets: Uint8Array): Generator<Uint8Array> {
  yield octets.subarray(0, MAX_STRING);
  for (let at = MAX_STRING; at < octets.length; at += MAX_STRING) yield octets.subarray(at, at + MAX_STRING);
}

const join = (strings: Iterable<Uint8Array>): string => Array.from(strings, quoteOctets).join(" ");

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** A type whose data is one or more character-strings. A string over 255 octets is split; strings that are given apart stay apart. */
export function characterStrings(definition: { type: string; code: number; help: string }): RdataType {
  const { type } = definition;

  function parse(tokens: readonly Token[]): string {
    if (tokens.length === 0)
      throw new DnsSyntaxError("rdata-fields", `${type} needs at least one string. Write "" for an empty one.`);
    const parts: string[] = [];
    let wireLength = 0;
    for (const { text } of tokens) {
      if (text.length <= MAX_STRING && isSafeQuoted(text)) {
        parts.push(`"${text}"`);
        wireLength += text.length + 1;
      } else {
        const octets = unescapeOctets(text, MAX_RDATA);
        parts.push(join(chunks(octets)));
        wireLength += octets.length + Math.max(1, Math.ceil(octets.length / MAX_STRING));
      }
    }
    const rdata = parts.join(" ");
    if (wireLength > MAX_RDATA) checkLength(toWire(rdata));
    return rdata;
  }

  function toWire(rdata: string): Uint8Array {
    const out = new WireWriter();
    for (const { text } of tokenize(rdata)) {
      const octets = unescapeOctets(text);
      out.uint(octets.length, 1);
      out.bytes(octets);
    }
    return out.done();
  }

  function read(from: WireReader): string {
    const strings: Uint8Array[] = [];
    while (from.left > 0) strings.push(from.bytes(from.uint(1)));
    if (strings.length === 0) throw new DnsSyntaxError("rdata-wire", `${type} data is empty.`);
    return join(strings);
  }

  return {
    ...definition,
    fields: [
      {
        name: "text",
        label: "Text",
        help: "Plain text; long text is split by itself. Start with a quote to write the strings one by one, as in a zone file.",
        kind: "strings",
        placeholder: "v=spf1 mx -all",
      },
    ],
    parse,
    toWire,
    fromWire: (bytes) => read(new WireReader(bytes)),
    fromMessage: (message, offset, length) => read(new WireReader(message, offset, offset + length, true)),
    split(rdata) {
      const octets = concat(tokenize(rdata).map(({ text }) => unescapeOctets(text)));
      // Shown as one text only when splitting it again gives the same strings.
      return { text: octets.length > 0 && join(chunks(octets)) === rdata ? octetsToFormText(octets, rdata) : rdata };
    },
    join({ text = "" }) {
      if (text.trim() === "")
        throw new DnsSyntaxError("rdata-fields", `Text is empty. Enter a value, or "" for an empty one.`);
      return formTextToPresentation(text);
    },
  };
}
