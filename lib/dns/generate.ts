import { DnsSyntaxError, quoteInput } from "./errors";
import type { Token } from "./tokenizer";

/** The largest value that BIND counts to. */
const MAX_VALUE = 2 ** 31 - 1;

/** `start-stop[/step]` of a $GENERATE line. */
export interface GenerateRange {
  readonly start: number;
  readonly stop: number;
  readonly step: number;
  readonly count: number;
}

function syntax(message: string): DnsSyntaxError {
  return new DnsSyntaxError("generate-syntax", message);
}

/** @throws DnsSyntaxError "generate-syntax" */
export function parseRange(text: string): GenerateRange {
  const match = /^(\d{1,10})-(\d{1,10})(?:\/(\d{1,10}))?$/.exec(text);
  const [start, stop, step] = [Number(match?.[1]), Number(match?.[2]), Number(match?.[3] ?? 1)];
  if (!match || step < 1 || start > stop || stop > MAX_VALUE || step > MAX_VALUE) {
    throw syntax(`${quoteInput(text)} is not a range. Write START-STOP or START-STOP/STEP, such as 1-127 or 0-254/2.`);
  }
  return { start, stop, step, count: Math.floor((stop - start) / step) + 1 };
}

/**
 * Puts a value into a $GENERATE template: `$` is the value, `${offset,width,base}` the value plus offset in base d, o, x, X (digits, at least width)
 * or n, N (nibbles from the lowest up with dots between them, width counting the dots, as in ip6.arpa names); `$$` is a `$`; what follows a `\` stays.
 * @throws DnsSyntaxError "generate-syntax"
 */
export function substitute(template: string, value: number): string {
  return template.replace(/\\[\s\S]|\$\$|\$\{([^}]{0,40})\}|\$\{?/g, (found, inside: string | undefined) => {
    if (found.startsWith("\\")) return found;
    // Escaped, so that a name parser takes it as a letter and not as our own syntax.
    if (found === "$$") return "\\$";
    if (found === "$") return String(value);
    if (inside === undefined) throw syntax("A brace after “$” is not closed. Add the missing “}”.");
    return formatValue(inside, value);
  });
}

function formatValue(inside: string, value: number): string {
  const match = /^(-?\d{1,10})(?:,(\d{1,3})(?:,([doxXnN]))?)?$/.exec(inside);
  if (!match)
    throw syntax(
      `${quoteInput(`\${${inside}}`)} is not understood. Write \${OFFSET,WIDTH,BASE} with a base of d, o, x, X, n or N.`,
    );
  const shifted = value + Number(match[1]);
  const width = Number(match[2] ?? 0);
  const base = match[3] ?? "d";
  if (shifted < 0 || shifted > MAX_VALUE || width > 255) {
    throw syntax(
      `${quoteInput(`\${${inside}}`)} gives ${shifted}, out of range. Change the offset, the width or the range.`,
    );
  }
  if (base === "n" || base === "N") return nibbles(shifted, width, base === "N");
  const digits = shifted.toString({ d: 10, o: 8, x: 16, X: 16 }[base]).padStart(width, "0");
  return base === "X" ? digits.toUpperCase() : digits;
}

/** BIND's nibble mode: every digit and every dot uses up one of `width`. */
function nibbles(value: number, width: number, upper: boolean): string {
  let out = "";
  let rest = value;
  let left = width;
  do {
    const digit = (rest & 15).toString(16);
    out += upper ? digit.toUpperCase() : digit;
    rest >>>= 4;
    left--;
    if (left > 0 || rest > 0) {
      out += ".";
      left--;
    }
  } while (rest > 0 || left > 0);
  return out;
}

/**
 * The right-hand side of a $GENERATE line as one template. BIND takes a single word, in which quotes hold several fields together
 * (`"10 mail$"`); several words are taken as they stand.
 */
export function generateTemplate(tokens: readonly Token[]): string {
  const [only] = tokens;
  if (tokens.length === 1 && only?.quoted)
    return only.text.replace(/\\([\s\S])/g, (pair, char) => (char === '"' ? char : pair));
  return tokens.map((token) => (token.quoted ? `"${token.text}"` : token.text)).join(" ");
}
