import { type DnsSyntaxCode, DnsSyntaxError } from "./errors";

/** One word or character-string of a zone file, escapes still in it. */
export interface Token {
  readonly text: string;
  /** It stood in quotes (which are not part of `text`). */
  readonly quoted: boolean;
  /** Nothing stands between it and the token before: `alpn="h2"` is `alpn=` and a glued `h2`. */
  readonly glued: boolean;
}

/** One entry of a zone file: a line, or several inside parentheses. */
export interface Entry {
  /** 1-based line it starts on. */
  readonly line: number;
  /** The line starts with white space: the owner is that of the entry before. */
  readonly blankOwner: boolean;
  readonly tokens: readonly Token[];
  /** Set when the entry cannot be read; reading goes on with the next line. */
  readonly error?: { readonly code: DnsSyntaxCode; readonly message: string; readonly line: number };
}

/** More tokens than 65535 octets of rdata can hold, with room for the owner, TTL, class and type. */
const MAX_TOKENS = 66_000;

enum Kind {
  Word = 0,
  Space = 1,
  Newline = 2,
  Quote = 3,
  Comment = 4,
  Open = 5,
  Close = 6,
  Backslash = 7,
  Control = 8,
}

const KINDS = new Uint8Array(128);
KINDS.fill(Kind.Control, 0, 0x20);
KINDS[0x7f] = Kind.Control;
KINDS[0x09] = KINDS[0x20] = Kind.Space;
KINDS[0x0a] = KINDS[0x0d] = Kind.Newline;
KINDS[0x22] = Kind.Quote;
KINDS[0x3b] = Kind.Comment;
KINDS[0x28] = Kind.Open;
KINDS[0x29] = Kind.Close;
KINDS[0x5c] = Kind.Backslash;

/**
 * Cuts zone file text into entries (RFC 1035 §5.1): comments, quotes, parentheses, escapes, CRLF and lone CR as line ends.
 * One pass, linear in the length of the text.
 */
export class Tokenizer {
  private at = 0;
  private line = 1;

  constructor(private readonly text: string) {}

  /** The next entry that holds anything, or `null` at the end. Never throws. */
  next(): Entry | null {
    while (this.at < this.text.length) {
      const line = this.line;
      const blankOwner = this.kind() === Kind.Space;
      const tokens: Token[] = [];
      try {
        this.readEntry(tokens);
      } catch (error) {
        if (!(error instanceof DnsSyntaxError)) throw error;
        // A parenthesis that is open to the end of the file is missed where it was opened.
        const at = this.at < this.text.length ? this.line : line;
        this.skipLine();
        return { line, blankOwner, tokens, error: { code: error.code, message: error.message, line: at } };
      }
      if (tokens.length > 0) return { line, blankOwner, tokens };
    }
    return null;
  }

  private kind(): Kind {
    const code = this.text.charCodeAt(this.at);
    return code < 128 ? (KINDS[code] as Kind) : Kind.Word;
  }

  private readEntry(tokens: Token[]): void {
    let depth = 0;
    let opened = this.line;
    let glued = false;
    while (this.at < this.text.length) {
      switch (this.kind()) {
        case Kind.Space:
          this.at++;
          glued = false;
          continue;
        case Kind.Newline:
          this.newline();
          if (depth === 0) return;
          glued = false;
          continue;
        case Kind.Comment:
          this.skipToLineEnd();
          continue;
        case Kind.Open:
          if (depth++ === 0) opened = this.line;
          this.at++;
          glued = false;
          continue;
        case Kind.Close:
          if (depth-- === 0)
            throw new DnsSyntaxError("parentheses", "“)” without “(”. Remove it, or add the missing “(”.");
          this.at++;
          glued = false;
          continue;
        case Kind.Quote:
          tokens.push({ text: this.quotedText(), quoted: true, glued });
          break;
        case Kind.Control:
          throw this.controlError();
        default:
          tokens.push({ text: this.word(), quoted: false, glued });
      }
      glued = true;
      if (tokens.length > MAX_TOKENS) {
        throw new DnsSyntaxError(
          "rdata-length",
          `The record started on line ${opened} has more fields than a record can hold. Is a “)” missing?`,
        );
      }
    }
    if (depth > 0)
      throw new DnsSyntaxError("parentheses", `The “(” on line ${opened} is never closed. Add the missing “)”.`);
  }

  private word(): string {
    const start = this.at;
    for (; this.at < this.text.length; this.at++) {
      const kind = this.kind();
      if (kind === Kind.Backslash) this.escape();
      else if (kind !== Kind.Word) break;
    }
    return this.text.slice(start, this.at);
  }

  private quotedText(): string {
    const start = ++this.at;
    for (; this.at < this.text.length; this.at++) {
      switch (this.kind()) {
        case Kind.Quote:
          return this.text.slice(start, this.at++);
        case Kind.Backslash:
          this.escape();
          break;
        case Kind.Newline:
          throw new DnsSyntaxError("text-quotes", 'A quote is not closed on its line. Add the missing “"”.');
        case Kind.Control:
          if (this.text.charCodeAt(this.at) !== 0x09) throw this.controlError();
          break;
        default:
      }
    }
    throw new DnsSyntaxError("text-quotes", 'A quote is not closed before the end of the file. Add the missing “"”.');
  }

  /** Steps over the `\`, so that the character behind it is not taken for syntax. Its digits are checked where the text is used. */
  private escape(): void {
    const next = this.text.charCodeAt(this.at + 1);
    if (Number.isNaN(next) || next < 0x20 || next === 0x7f) {
      throw new DnsSyntaxError(
        "text-escape",
        "“\\” stands at the end of a line. Remove it, or write \\\\ for a backslash.",
      );
    }
    this.at++;
  }

  private controlError(): DnsSyntaxError {
    const octet = String(this.text.charCodeAt(this.at)).padStart(3, "0");
    return new DnsSyntaxError(
      "text-control",
      `The line holds the control character ${octet}. Remove it; inside quotes write it as \\${octet}.`,
    );
  }

  private newline(): void {
    if (this.text.charCodeAt(this.at) === 0x0d && this.text.charCodeAt(this.at + 1) === 0x0a) this.at++;
    this.at++;
    this.line++;
  }

  private skipToLineEnd(): void {
    while (this.at < this.text.length && this.kind() !== Kind.Newline) this.at++;
  }

  private skipLine(): void {
    this.skipToLineEnd();
    if (this.at < this.text.length) this.newline();
  }
}

/**
 * The tokens of one record's data, such as a form field or the rest of a line.
 * @throws DnsSyntaxError also when the text goes on behind the end of the record.
 */
export function tokenize(text: string): readonly Token[] {
  const tokenizer = new Tokenizer(text);
  const entry = tokenizer.next();
  if (entry?.error) throw new DnsSyntaxError(entry.error.code, entry.error.message);
  if (tokenizer.next() !== null) {
    throw new DnsSyntaxError(
      "rdata-fields",
      "The data goes on over several lines. Write it on one line, or in parentheses.",
    );
  }
  return entry?.tokens ?? [];
}
