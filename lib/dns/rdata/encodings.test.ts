import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { base64Of, bytesOfBase64, bytesOfHex, hexOf } from "./encodings";

describe("Base64 and hexadecimal", () => {
  it("round-trip and agree with Node", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        expect(base64Of(bytes)).toBe(Buffer.from(bytes).toString("base64"));
        expect(bytesOfBase64(base64Of(bytes))).toEqual(bytes);
        expect(hexOf(bytes)).toBe(Buffer.from(bytes).toString("hex").toUpperCase());
        expect(bytesOfHex(hexOf(bytes).toLowerCase())).toEqual(bytes);
      }),
    );
  });

  it.each(["A", "AA", "AAA", "AAAA=", "AA==AA==", "A===", "AB==", "AAB=", "AA-_", "AA A", "=", "ü==="])(
    "%j is not Base64",
    (text) => {
      expect(() => bytesOfBase64(text)).toThrow(/not Base64/);
    },
  );

  it.each(["a", "zz", "0x00", " 00", "0g"])("%j is not hexadecimal", (text) => {
    expect(() => bytesOfHex(text)).toThrow(/not hexadecimal/);
  });
});
