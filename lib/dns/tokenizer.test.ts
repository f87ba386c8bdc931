import { describe, expect, it } from "vitest";
import { DnsSyntaxError } from "./errors";
import { Tokenizer, tokenize } from "./tokenizer";

/** Entries in a short form: line, `<` for a blank owner, words, quoted ones in quotes, glued ones behind `+`. */
function read(text: string): string[] {
  const tokenizer = new Tokenizer(text);
  const entries: string[] = [];
  for (let entry = tokenizer.next(); entry; entry = tokenizer.next()) {
    const words = entry.tokens.map(
      ({ text: word, quoted, glued }) => `${glued ? "+" : ""}${quoted ? `"${word}"` : word}`,
    );
    const error = entry.error ? [`!${entry.error.code}@${entry.error.line}`] : [];
    entries.push([`${entry.line}${entry.blankOwner ? "<" : ""}`, ...words, ...error].join(" "));
  }
  return entries;
}

describe("Tokenizer", () => {
  it.each([
    ["words", "a b\tc\nd", ["1 a b c", "2 d"]],
    ["blank owner", " a\n\tb\nc", ["1< a", "2< b", "3 c"]],
    ["empty lines and comments", "\n  \n; c\n  ; d\na ; e (\nb", ["5 a", "6 b"]],
    ["line ends", "a\r\nb\rc\nd\r\n", ["1 a", "2 b", "3 c", "4 d"]],
    ["parentheses", "a ( b\n c ; x )\n d ) e\nf", ["1 a b c d e", "4 f"]],
    ["nested parentheses", "a ((b\n) c\n)\nd", ["1 a b c", "4 d"]],
    ["parentheses without spaces", "a(b)c", ["1 a b c"]],
    ["quotes", 'a "b c;(" ""', ['1 a "b c;(" ""']],
    ["quotes side by side", '"a""b"c', ['1 "a" +"b" +c']],
    ["parameters", 'a="b c" d', ['1 a= +"b c" d']],
    ["escapes", String.raw`a\;b \" \\ "x\"y" \032`, [String.raw`1 a\;b \" \\ "x\"y" \032`]],
    ["a tab in quotes", '"a\tb"', ['1 "a\tb"']],
    ["nothing", "", []],
    ["an open quote", 'a "b\nc', ["1 a !text-quotes@1", "2 c"]],
    ["an open quote at the end", 'a "b', ["1 a !text-quotes@1"]],
    [
      "a quote that a parenthesis does not hold open",
      'a ( "b\n)\nc',
      ["1 a !text-quotes@1", "2 !parentheses@2", "3 c"],
    ],
    ["an open parenthesis", "x\na ( b\nc\nd\n", ["1 x", "2 a b c d !parentheses@2"]],
    ["a parenthesis too many", "a )\nb", ["1 a !parentheses@1", "2 b"]],
    ["a control character", "a \u0001b\nc", ["1 a !text-control@1", "2 c"]],
    ["a control character in quotes", 'a "\u007f"\nc', ["1 a !text-control@1", "2 c"]],
    ["a backslash at the end of a line", "a\\\nb", ["1 !text-escape@1", "2 b"]],
    ["a backslash at the end", "a\\", ["1 !text-escape@1"]],
  ])("%s", (_, text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  it("gives up on an entry with more words than a record can have, and goes on behind it", () => {
    const entries = read(`a ( ${"b ".repeat(70_000)}\n)\nc`);
    expect(entries[0]).toMatch(/!rdata-length@1$/);
    expect(entries.slice(1)).toEqual(["2 !parentheses@2", "3 c"]);
  });
});

describe("tokenize", () => {
  it("reads one entry", () => {
    expect(tokenize("10 ( mail\n )").map(({ text }) => text)).toEqual(["10", "mail"]);
    expect(tokenize("")).toEqual([]);
  });

  it.each(["a\nb", 'a "b', "a )"])("%j is refused", (text) => {
    expect(() => tokenize(text)).toThrow(DnsSyntaxError);
  });
});
