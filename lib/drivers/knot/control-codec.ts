/**
 * Bytes of Knot's control protocol (libknot/control/control.c, Knot DNS 2.6 and newer): a stream of units. A unit is one octet of
 * type; DATA and EXTRA carry items, each one octet of index + 16, two octets of length (big endian) and that many octets.
 * A request and a reply are DATA and EXTRA units up to a BLOCK; END closes the conversation.
 */

/** Unit types. EXTRA continues what the DATA unit before it started. */
const END = 0;
const DATA = 1;
const EXTRA = 2;
const BLOCK = 3;

const ITEM_OFFSET = 16;
const ITEMS = [
  "command",
  "flags",
  "error",
  "section",
  "item",
  "id",
  "zone",
  "owner",
  "ttl",
  "type",
  "data",
  "filters",
] as const;
const MAX_ITEM_OCTETS = 0xffff;

type ControlItem = (typeof ITEMS)[number];

/** The items of one unit. Text is ASCII; names and rdata are in presentation form. */
export type ControlUnit = { readonly [item in ControlItem]?: string };

/** What was received: a unit, or the end of a reply. */
export type ControlEvent =
  | { readonly kind: "unit"; readonly unit: ControlUnit }
  | { readonly kind: "block" }
  | { readonly kind: "end" };

/** A request: its units, then BLOCK. @throws RangeError when an item is longer than 65,535 octets or holds a NUL. */
export function encodeRequest(units: readonly ControlUnit[]): Buffer {
  const parts: Buffer[] = [];
  for (const unit of units) {
    parts.push(Buffer.of(DATA));
    ITEMS.forEach((item, index) => {
      const value = unit[item];
      if (value !== undefined) parts.push(encodeItem(index, value));
    });
  }
  parts.push(Buffer.of(BLOCK));
  return Buffer.concat(parts);
}

/** Says goodbye, so that the server turns to the next client at once. */
export function encodeEnd(): Buffer {
  return Buffer.of(END);
}

function encodeItem(index: number, value: string): Buffer {
  const length = Buffer.byteLength(value);
  if (length > MAX_ITEM_OCTETS)
    throw new RangeError(`a control item of ${length} octets; Knot takes ${MAX_ITEM_OCTETS}`);
  if (value.includes("\0")) throw new RangeError("a control item with a NUL, where Knot would cut it off");
  const out = Buffer.allocUnsafe(3 + length);
  out[0] = ITEM_OFFSET + index;
  out.writeUInt16BE(length, 1);
  out.write(value, 3);
  return out;
}

/**
 * Cuts a stream into events. A unit ends where the next unit's type octet begins, so it is known only once that octet is here;
 * every reply ends in BLOCK, so none is held back.
 */
export class ControlDecoder {
  #rest: Buffer = Buffer.alloc(0);
  #unit: { [item in ControlItem]?: string } | undefined;

  /** @throws RangeError at an octet that is neither a unit nor an item: the stream cannot be read any further. */
  *push(chunk: Buffer): Generator<ControlEvent> {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let at = 0;
    for (let next = this.#step(bytes, at); next; next = this.#step(bytes, at)) {
      at = next.at;
      yield* next.events;
    }
    this.#rest = bytes.subarray(at);
  }

  /** Reads one type octet or one item at `at`; `undefined` when it is not all there. */
  #step(bytes: Buffer, at: number): { at: number; events: ControlEvent[] } | undefined {
    const code = bytes[at];
    if (code === undefined) return undefined;
    if (code <= BLOCK) {
      const events: ControlEvent[] = this.#unit ? [{ kind: "unit", unit: this.#unit }] : [];
      this.#unit = code === DATA || code === EXTRA ? {} : undefined;
      if (code === BLOCK || code === END) events.push({ kind: code === BLOCK ? "block" : "end" });
      return { at: at + 1, events };
    }
    const item = ITEMS[code - ITEM_OFFSET];
    if (item === undefined || !this.#unit) throw new RangeError(`octet ${code} where a unit or item was expected`);
    if (bytes.length < at + 3) return undefined;
    const end = at + 3 + bytes.readUInt16BE(at + 1);
    if (bytes.length < end) return undefined;
    this.#unit[item] = bytes.toString("utf8", at + 3, end);
    return { at: end, events: [] };
  }
}
