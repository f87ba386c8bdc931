import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MalformedMessage } from "@/lib/wire/malformed-message";
import { decodeHeader, encodeQuery, encodeQuestion, hasQuestion, TYPE_SOA } from "@/lib/wire/message";
import { readSoaAnswer } from "@/lib/wire/soa-answer";

const server = { address: "192.0.2.53", port: 53 };
const question = encodeQuestion("example.com.", TYPE_SOA);

/** An answer to the question: header, question, then `answer` as given. */
function response(answer: readonly number[], { flags = 0x8400, answers = 1 } = {}): Buffer {
  const message = Buffer.concat([encodeQuery(0x1234, question), Buffer.from(answer)]);
  message.writeUInt16BE(flags, 2);
  message.writeUInt16BE(answers, 6);
  return message;
}

function read(message: Buffer) {
  return readSoaAnswer(server, "example.com.", message, decodeHeader(message));
}

const NAME = [0xc0, 12];
const SOA_HEAD = [0, 6, 0, 1, 0, 0, 14, 16];
const SERIAL = [0x78, 0xc2, 0x5e, 0x84];
const TIMERS = [0, 0, 28, 32, 0, 0, 14, 16, 0, 18, 117, 0, 0, 0, 14, 16];
/** `ns.example.com. hostmaster.example.com. 0x78c25e84 …`, names compressed. */
const SOA_DATA = [2, 110, 115, ...NAME, 10, ...Buffer.from("hostmaster"), ...NAME, ...SERIAL, ...TIMERS];
const SOA_RECORD = [...NAME, ...SOA_HEAD, 0, SOA_DATA.length, ...SOA_DATA];

describe("encodeQuery", () => {
  it("asks one question without recursion", () => {
    expect(encodeQuery(0xbeef, question).toString("hex")).toBe(
      "beef00000001000000000000076578616d706c6503636f6d0000060001",
    );
  });

  it("says with EDNS that 1232 octets may come back", () => {
    const plain = encodeQuery(0xbeef, question).toString("hex");
    const edns = encodeQuery(0xbeef, question, { edns: true }).toString("hex");
    expect(edns).toBe(`${plain.slice(0, 20)}0001${plain.slice(24)}00002904d0000000000000`);
  });

  it("takes escaped octets and the root", () => {
    expect(encodeQuestion("a\\.b\\000.", 1).toString("hex")).toBe("04612e62000000010001");
    expect(encodeQuestion(".", TYPE_SOA).toString("hex")).toBe("0000060001");
  });
});

describe("hasQuestion", () => {
  const changed = (at: number, octet: number) => {
    const message = response([]);
    message[at] = octet;
    return hasQuestion(message, decodeHeader(message), question);
  };

  it.each([
    ["the same", 13, 0x65, true],
    ["another case", 13, 0x45, true],
    ["another name", 13, 0x66, false],
    ["another type", 26, 1, false],
    ["another class", 28, 3, false],
    ["no question", 5, 0, false],
    ["two questions", 5, 2, false],
  ])("%s", (_what, at, octet, expected) => {
    expect(changed(at, octet)).toBe(expected);
  });
});

describe("readSoaAnswer", () => {
  it("finds the serial through compressed names", () => {
    expect(read(response(SOA_RECORD))).toEqual({ status: "answered", serial: 0x78c25e84, authoritative: true });
    expect(read(response(SOA_RECORD, { flags: 0x8000 }))).toMatchObject({
      status: "not-authoritative",
      serial: 0x78c25e84,
    });
  });

  it.each([
    [0x8400, "not-authoritative"],
    [0x8401, "malformed"],
    [0x8402, "servfail"],
    [0x8403, "nxdomain"],
    [0x8404, "malformed"],
    [0x8405, "refused"],
    [0x8409, "not-authoritative"],
    [0x840f, "malformed"],
  ])("flags %s without a record: %s", (flags, status) => {
    expect(read(response([], { flags, answers: 0 }))).toMatchObject({ status });
  });

  it.each([
    ["a pointer to itself", [0xc0, 29, ...SOA_HEAD, 0, 0]],
    ["a pointer forwards", [0xc0, 200, ...SOA_HEAD, 0, 0]],
    ["two pointers in a ring", [0xc0, 31, 0xc0, 29, ...SOA_HEAD, 0, 0]],
    ["a label of an unknown kind", [0x41, 1, 2, ...SOA_HEAD, 0, 0]],
    ["a name without an end", [63, 1, 2]],
    ["data longer than the message", [...NAME, ...SOA_HEAD, 1, 0]],
    ["a SOA too short for its numbers", [...NAME, ...SOA_HEAD, 0, 6, 0, 0, 0, 0, 0, 1]],
  ])("calls %s malformed", (_what, answer) => {
    expect(read(response(answer))).toMatchObject({ status: "malformed" });
  });

  it("ends with an answer, whatever bytes come", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.integer({ min: 0, max: 3 }), (bytes, answers) => {
        expect(read(response([...bytes], { answers }))).toHaveProperty("status");
      }),
      { numRuns: 2_000 },
    );
  });

  it("refuses less than a header", () => {
    expect(() => decodeHeader(Buffer.alloc(11))).toThrow(MalformedMessage);
  });
});
