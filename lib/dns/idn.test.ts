import { describe, expect, it } from "vitest";
import { labelToAscii, labelToUnicode } from "./idn";
import { decodePunycode } from "./punycode";

describe("decodePunycode", () => {
  // RFC 3492 §7.1 and others, all lower case.
  it.each([
    ["bcher-kva", "bücher"],
    ["egbpdaj6bu4bxfgehfvwxn", "ليهمابتكلموشعربي؟"],
    ["ihqwcrb4cv8a8dqg056pqjye", "他们为什么不说中文"],
    ["3b-ww4c5e180e575a65lsy2b", "3年b組金八先生"],
    ["", ""],
  ])("%s", (encoded, expected) => {
    expect(decodePunycode(encoded)).toBe(expected);
  });

  it.each(["ü", "A", "99999999", "a-_", "bcher-kv"])("%s is none", (encoded) => {
    const decoded = decodePunycode(encoded);
    expect(decoded === undefined || labelToAscii(decoded) !== `xn--${encoded}`).toBe(true);
  });
});

describe("labelToAscii", () => {
  it.each([
    ["bücher", "xn--bcher-kva"],
    ["BÜCHER", "xn--bcher-kva"],
    ["plain", "plain"],
    ["_dmarc", "_dmarc"],
    ["１２", "12"],
    ["☃", "xn--n3h"],
    ["a/b", undefined],
    ["a:b", undefined],
    ["a@b", undefined],
    ["a%62", undefined],
    ["a.b", undefined],
    ["", undefined],
    ["\u00ad", undefined],
    ["\ud800", undefined],
    ["ü".repeat(10_000), undefined],
  ])("%j is %s", (label, expected) => {
    expect(labelToAscii(label)).toBe(expected);
  });
});

describe("labelToUnicode", () => {
  it.each([
    ["xn--bcher-kva", "bücher"],
    ["plain", "plain"],
    ["xn--n3h", "☃"],
    ["xn--zz", "xn--zz"],
  ])("%s is shown as %s", (label, expected) => {
    expect(labelToUnicode(label)).toBe(expected);
  });
});
