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
  // One string of octets, as thousands of requests go out at once and joining small buffers took most of their time.
  let octets = "";
  for (const unit of units) {
    octets += String.fromCharCode(DATA);
    for (const [index, item] of ITEMS.entries()) {
      const value = unit[item];
      if (value !== undefined) octets += encodeItem(index, value);
    }
  }
  return Buffer.from(octets + String.fromCharCode(BLOCK), "latin1");
}

/** Says goodbye, so that the server turns to the next client at once. */
export function encodeEnd(): Buffer {
  return Buffer.of(END);
}

function encodeItem(index: number, value: string): string {
  const octets = Buffer.byteLength(value) === value.length ? value : Buffer.from(value).toString("latin1");
  const { length } = octets;
  if (length > MAX_ITEM_OCTETS)
    throw new RangeError(`a control item of ${length} octets; Knot takes ${MAX_ITEM_OCTETS}`);
  if (value.includes("\0")) throw new RangeError("a control item with a NUL, where Knot would cut it off");
  return String.fromCharCode(ITEM_OFFSET + index, length >> 8, length & 0xff) + octets;
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
