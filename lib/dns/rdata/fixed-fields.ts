import { DnsSyntaxError } from "../errors";
import { type Token, tokenize } from "../tokenizer";
import type { CodedField } from "./fields";
import { checkLength, MAX_RDATA } from "./limits";
import type { RdataField, RdataType } from "./type";
import { WireReader, WireWriter } from "./wire";

interface FixedType {
  readonly type: string;
  readonly code: number;
  readonly help: string;
  readonly fields: readonly CodedField[];
  /** Throws DnsSyntaxError when values that are right one by one do not go together. */
  check?(values: readonly string[]): void;
}

/** The canonical words of a record; quotes make the difference between one pass and the tokenizer. */
export function canonicalTokens(rdata: string): readonly Token[] {
  if (rdata.includes('"')) return tokenize(rdata);
  return rdata.split(" ").map((text) => ({ text, quoted: false, glued: false }));
}

/** A record type whose data is a fixed row of fields, the last of which may take all that is left. */
export function fixedFields(definition: FixedType): RdataType {
  const { type, code, help, fields: coded, check } = definition;
  const takesRest = coded.at(-1)?.codec.rest === true;
  const names = coded.map((field) => field.label.toLowerCase()).join(", ");

  const tokensOf = (tokens: readonly Token[], index: number): readonly Token[] =>
    coded[index]?.codec.rest ? tokens.slice(index) : tokens.slice(index, index + 1);

  function read(reader: WireReader): string {
    const values = coded.map((field) => field.codec.read(reader));
    reader.finish();
    check?.(values);
    return values.join(" ");
  }

  function toWire(rdata: string): Uint8Array {
    const tokens = canonicalTokens(rdata);
    const out = new WireWriter();
    for (const [index, field] of coded.entries()) field.codec.write(out, tokensOf(tokens, index));
    return out.done();
  }

  return {
    type,
    code,
    help,
    fields: coded.map(({ codec: _, ...field }): RdataField => field),
    parse(tokens, context) {
      if (tokens.length < coded.length || (tokens.length > coded.length && !takesRest)) {
        throw new DnsSyntaxError(
          "rdata-fields",
          `${type} takes ${coded.length} field${coded.length === 1 ? "" : "s"} (${names}), not ${tokens.length}.`,
        );
      }
      let rdata = "";
      const values: string[] = [];
      for (let index = 0; index < coded.length; index++) {
        const value = coded[index]?.codec.parse(tokensOf(tokens, index), context) ?? "";
        values.push(value);
        rdata = index === 0 ? value : `${rdata} ${value}`;
      }
      check?.(values);
      // No type reaches the limit with text shorter than this; measuring the others on the wire costs time.
      if (rdata.length > MAX_RDATA) checkLength(toWire(rdata));
      return rdata;
    },
    toWire,
    fromWire: (bytes) => read(new WireReader(bytes)),
    fromMessage: (message, offset, length) => read(new WireReader(message, offset, offset + length, true)),
    split(rdata) {
      const tokens = canonicalTokens(rdata);
      const values: Record<string, string> = {};
      for (const [index, field] of coded.entries()) {
        const own = tokensOf(tokens, index);
        const canonical = own.map((token) => (token.quoted ? `"${token.text}"` : token.text)).join(" ");
        values[field.name] = field.codec.show?.(canonical, own) ?? canonical;
      }
      return values;
    },
    join(values) {
      return coded
        .map((field) => {
          const value = values[field.name] ?? "";
          if (value.trim() === "" && !field.optional) {
            throw new DnsSyntaxError(
              "rdata-fields",
              `${field.label} is empty. Enter a value, such as ${field.placeholder}.`,
            );
          }
          return field.codec.take?.(value) ?? value.trim();
        })
        .join(" ");
    },
  };
}
