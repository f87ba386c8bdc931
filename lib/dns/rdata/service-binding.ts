import { DnsSyntaxError, quoteInput } from "../errors";
import { parseName } from "../name";
import type { Token } from "../tokenizer";
import { canonicalTokens } from "./fixed-fields";
import { checkLength } from "./limits";
import { checkParams, formatParam, keyName, parseParam } from "./svcb-params";
import type { RdataField, RdataType } from "./type";
import { WireReader, WireWriter } from "./wire";

const FIELDS: readonly RdataField[] = [
  {
    name: "priority",
    label: "Priority",
    help: "0 makes the name an alias of the target; otherwise clients try the lowest number first.",
    kind: "uint16",
    placeholder: "1",
  },
  {
    name: "target",
    label: "Target",
    help: "Host name of the service; “.” stands for the record's own name.",
    kind: "name",
    placeholder: ".",
  },
  {
    name: "params",
    label: "Parameters",
    help: "Words with spaces between them: alpn=h2,h3 port=8443 ipv4hint=192.0.2.1 ipv6hint=2001:db8::1 ech=… mandatory=… no-default-alpn",
    kind: "params",
    placeholder: "alpn=h2,h3",
    optional: true,
  },
];

interface Binding {
  readonly priority: number;
  readonly target: string;
  readonly params: Map<number, Uint8Array>;
}

/** `key`, `key=value`, `key="value"`: the quoted value is a token of its own, glued to the word before. */
function parseParams(tokens: readonly Token[]): Map<number, Uint8Array> {
  const params = new Map<number, Uint8Array>();
  for (let at = 0; at < tokens.length; at++) {
    const { text, quoted } = tokens[at] ?? { text: "", quoted: false };
    const equals = text.indexOf("=");
    const next = tokens[at + 1];
    let value = equals < 0 ? undefined : text.slice(equals + 1);
    if (value === "" && next?.glued && next.quoted) {
      value = next.text;
      at++;
    }
    if (quoted || tokens[at + 1]?.glued)
      throw new DnsSyntaxError(
        "rdata-value",
        `${quoteInput(text)} is not a service parameter. Write key=value or key="value".`,
      );
    const { key, bytes } = parseParam(equals < 0 ? text : text.slice(0, equals), value);
    if (params.has(key)) {
      throw new DnsSyntaxError("rdata-value", `The parameter ${keyName(key)} is there twice. Remove one.`);
    }
    params.set(key, bytes);
  }
  return params;
}

function parseBinding(type: string, tokens: readonly Token[], origin: string): Binding {
  const [priority, target, ...words] = tokens;
  if (!priority || !target)
    throw new DnsSyntaxError("rdata-fields", `${type} needs a priority and a target, such as 1 . alpn=h2,h3`);
  if (!/^\d{1,5}$/.test(priority.text) || Number(priority.text) > 65_535) {
    throw new DnsSyntaxError(
      "number-range",
      `${quoteInput(priority.text)} is not a priority. Write a number from 0 to 65535.`,
    );
  }
  const params = parseParams(words);
  checkParams(params);
  return { priority: Number(priority.text), target: parseName(target.text, origin), params };
}

const sorted = (params: Map<number, Uint8Array>): [number, Uint8Array][] => [...params].sort(([x], [y]) => x - y);

function format({ priority, target, params }: Binding): string {
  return [String(priority), target, ...sorted(params).map(([key, bytes]) => formatParam(key, bytes))].join(" ");
}

function write({ priority, target, params }: Binding): Uint8Array {
  const out = new WireWriter();
  out.uint(priority, 2);
  out.name(target);
  for (const [key, bytes] of sorted(params)) {
    out.uint(key, 2);
    out.uint(bytes.length, 2);
    out.bytes(bytes);
  }
  return out.done();
}

function read(from: WireReader): string {
  const priority = from.uint(2);
  const target = from.name();
  const params = new Map<number, Uint8Array>();
  let last = -1;
  while (from.left > 0) {
    const key = from.uint(2);
    if (key <= last) throw new DnsSyntaxError("rdata-wire", "The service parameters are not in order.");
    last = key;
    params.set(key, from.bytes(from.uint(2)));
  }
  checkParams(params);
  return format({ priority, target, params });
}

/** SVCB and the types made like it (RFC 9460 §2). */
export function serviceBinding(type: string, code: number, help: string): RdataType {
  return {
    type,
    code,
    help,
    fields: FIELDS,
    parse(tokens, { origin }) {
      const binding = parseBinding(type, tokens, origin);
      checkLength(write(binding));
      return format(binding);
    },
    toWire: (rdata) => write(parseBinding(type, canonicalTokens(rdata), ".")),
    fromWire: (bytes) => read(new WireReader(bytes)),
    fromMessage: (message, offset, length) => read(new WireReader(message, offset, offset + length, true)),
    split(rdata) {
      const [priority = "", target = "", ...params] = rdata.split(" ");
      return { priority, target, params: params.join(" ") };
    },
    join({ priority = "", target = "", params = "" }) {
      if (priority.trim() === "" || target.trim() === "") {
        throw new DnsSyntaxError("rdata-fields", `${type} needs a priority and a target, such as 1 and “.”.`);
      }
      return `${priority.trim()} ${target.trim()} ${params.trim()}`.trim();
    },
  };
}
