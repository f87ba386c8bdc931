import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  ControlDecoder,
  type ControlEvent,
  type ControlUnit,
  encodeEnd,
  encodeRequest,
} from "@/lib/drivers/knot/control-codec";

function decode(bytes: Buffer, cuts: readonly number[] = []): ControlEvent[] {
  const decoder = new ControlDecoder();
  const events: ControlEvent[] = [];
  let from = 0;
  for (const cut of [...cuts, bytes.length].map((at) => Math.min(at, bytes.length)).sort((a, b) => a - b)) {
    events.push(...decoder.push(bytes.subarray(from, cut)));
    from = cut;
  }
  return events;
}

describe("encodeRequest", () => {
  it("writes units, items in Knot's order, and the block", () => {
    const bytes = encodeRequest([{ zone: "a.", command: "zone-begin" }, { zone: "b." }]);
    expect(bytes.toString("latin1")).toBe("\x01\x10\0\x0azone-begin\x16\0\x02a.\x01\x16\0\x02b.\x03");
    expect(encodeEnd()).toEqual(Buffer.of(0));
  });

  it("refuses what Knot would cut", () => {
    expect(() => encodeRequest([{ data: "a\0b" }])).toThrow(RangeError);
    expect(() => encodeRequest([{ data: "x".repeat(65_536) }])).toThrow(RangeError);
  });
});

describe("ControlDecoder", () => {
  const item = fc.string({ unit: "grapheme", maxLength: 20 }).filter((text) => !text.includes("\0"));
  const unit: fc.Arbitrary<ControlUnit> = fc.record(
    { command: item, zone: item, owner: item, data: item },
    { requiredKeys: [] },
  );

  it("reads what was written, however the stream is cut", () => {
    fc.assert(
      fc.property(fc.array(unit, { maxLength: 5 }), fc.array(fc.nat(400), { maxLength: 8 }), (units, cuts) => {
        const expected = [...units.map((unit) => ({ kind: "unit", unit })), { kind: "block" }];
        expect(decode(encodeRequest(units), cuts)).toEqual(expected);
      }),
    );
  });

  it.each([
    ["an unknown octet", [4]],
    ["an item before any unit", [16, 0, 0]],
    ["an item of an unknown index", [1, 28, 0, 0]],
  ])("cannot go on after %s", (_what, octets) => {
    expect(() => decode(Buffer.from(octets))).toThrow(RangeError);
  });

  it("waits for an item that is not all there", () => {
    expect(decode(Buffer.from([1, 16, 0, 9, 65]))).toEqual([]);
  });
});
