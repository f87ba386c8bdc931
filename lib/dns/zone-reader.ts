import { DnsSyntaxError, quoteInput } from "./errors";
import { generateTemplate, parseRange, substitute } from "./generate";
import { parseName } from "./name";
import { isMetaType, SIGNING_TYPES } from "./rdata/other-types";
import { parseRdataTokens, typeCode, typeName } from "./rdata/registry";
import { type Entry, type Token, Tokenizer, tokenize } from "./tokenizer";
import { parseTtl } from "./ttl";
import type { ZoneProblem } from "./zone";
import type { LocatedRecord } from "./zone-lines";

/** How much a zone file may hold before it is refused. */
export interface ZoneFileLimits {
  /** Octets of text, counted as characters. */
  readonly maxBytes: number;
  readonly maxRecords: number;
  /** Records made by all $GENERATE lines together. */
  readonly maxGenerate: number;
}

export const DEFAULT_LIMITS: ZoneFileLimits = { maxBytes: 32 * 1024 * 1024, maxRecords: 200_000, maxGenerate: 65_536 };

/** Characters of data that all $GENERATE lines together may make; a short line could otherwise ask for gigabytes. */
const MAX_GENERATED_TEXT = 8 * 1024 * 1024;

/** After so many problems nobody reads on. */
const MAX_PROBLEMS = 100;

/** Ends the reading of the whole file; the problem has been recorded. */
class Stop extends Error {}

/** What stands in front of the rdata: `[ttl] [class] type` in any order of the first two. */
interface Head {
  readonly ttl: number | undefined;
  readonly code: number;
  /** Index of the first rdata token. */
  readonly next: number;
}

const MNEMONICS = new Map<string, number>();

/** `typeCode` with a memory: a zone file has few distinct words there. */
function cachedTypeCode(word: string): number {
  let code = MNEMONICS.get(word);
  if (code === undefined) {
    code = typeCode(word);
    if (MNEMONICS.size < 1_000) MNEMONICS.set(word, code);
  }
  return code;
}

/** Reads one zone file into records, collecting problems. Use once. */
export class ZoneReader {
  readonly records: LocatedRecord[] = [];
  readonly problems: ZoneProblem[] = [];
  private origin: string;
  /** From $TTL, or from the SOA's minimum when nothing else is known at the SOA (RFC 2308 §4; BIND does the same). */
  private zoneTtl: number | undefined;
  /** Of the record before, RFC 1035 §5.1. */
  private lastTtl: number | undefined;
  private lastOwner: string | undefined;
  private lastOwnerWord = "";
  private generated = 0;
  private generatedLength = 0;
  private signingRecords = 0;

  constructor(
    apex: string,
    private readonly fallbackTtl: number | undefined,
    private readonly limits: ZoneFileLimits,
  ) {
    this.origin = apex;
  }

  read(text: string): void {
    const tokenizer = new Tokenizer(text);
    try {
      for (let entry = tokenizer.next(); entry; entry = tokenizer.next()) this.readEntry(entry);
    } catch (error) {
      if (!(error instanceof Stop)) throw error;
    }
  }

  /** Adds a problem. @throws Stop when the list is full. */
  private report(problem: ZoneProblem): void {
    this.problems.push(problem);
    if (this.problems.length >= MAX_PROBLEMS) {
      this.stop(
        "too-many-problems",
        `There are more than ${MAX_PROBLEMS} problems. Is this a zone file?`,
        problem.line ?? 1,
      );
    }
  }

  private stop(code: string, message: string, line: number): never {
    this.problems.push({ severity: "error", code, message, line });
    throw new Stop();
  }

  private readEntry(entry: Entry): void {
    if (entry.error) {
      this.report({ severity: "error", ...entry.error });
      return;
    }
    try {
      const [first] = entry.tokens;
      if (first && !entry.blankOwner && !first.quoted && first.text.startsWith("$"))
        this.readDirective(first.text, entry);
      else this.readRecord(entry);
    } catch (error) {
      if (!(error instanceof DnsSyntaxError)) throw error;
      this.report({ severity: "error", code: error.code, message: error.message, line: entry.line });
    }
  }

  private readDirective(directive: string, entry: Entry): void {
    const [, argument, ...more] = entry.tokens;
    const name = directive.toUpperCase();
    if (name === "$INCLUDE") {
      throw new DnsSyntaxError(
        "directive",
        "$INCLUDE is not followed. Put the text of the included file in its place.",
      );
    }
    if (name === "$GENERATE") {
      this.generate(entry);
      return;
    }
    if (name !== "$ORIGIN" && name !== "$TTL") {
      throw new DnsSyntaxError(
        "directive",
        `${quoteInput(directive)} is not a directive. Use $ORIGIN, $TTL or $GENERATE.`,
      );
    }
    if (!argument || more.length > 0)
      throw new DnsSyntaxError(
        "directive",
        `${name} takes exactly one value. Write “${name === "$TTL" ? "$TTL 1h" : "$ORIGIN example.com."}”.`,
      );
    if (name === "$TTL") this.zoneTtl = parseTtl(argument.text);
    else {
      this.origin = parseName(argument.text, this.origin);
      this.lastOwnerWord = "";
    }
  }

  private readRecord({ tokens, blankOwner, line }: Entry): void {
    const owner = this.owner(tokens, blankOwner);
    const { ttl, code, next } = readHead(tokens, blankOwner ? 0 : 1);
    this.add(owner, ttl, code, tokens.slice(next), line);
  }

  private owner(tokens: readonly Token[], blankOwner: boolean): string {
    if (blankOwner) {
      if (this.lastOwner === undefined)
        throw new DnsSyntaxError(
          "owner-missing",
          "The first record has no owner name. Start the line with a name, or with @.",
        );
      return this.lastOwner;
    }
    const { text = "", quoted = false } = tokens[0] ?? {};
    if (quoted) throw new DnsSyntaxError("text-quotes", "An owner name must not stand in quotes. Remove them.");
    if (this.lastOwner === undefined || this.lastOwnerWord !== text) {
      this.lastOwner = parseName(text, this.origin);
      this.lastOwnerWord = text;
    }
    return this.lastOwner;
  }

  private add(
    owner: string,
    explicitTtl: number | undefined,
    code: number,
    rdataTokens: readonly Token[],
    line: number,
  ): void {
    if (this.records.length >= this.limits.maxRecords) {
      this.stop(
        "too-many-records",
        `The zone has more than ${this.limits.maxRecords} records, the limit here. Split it.`,
        line,
      );
    }
    if (SIGNING_TYPES.has(code)) {
      this.skipSigning(line);
      return;
    }
    const type = typeName(code);
    const rdata = parseRdataTokens(type, rdataTokens, this.origin);
    const ttl = explicitTtl ?? this.zoneTtl ?? this.lastTtl ?? this.impliedTtl(type, rdata);
    this.lastTtl = ttl;
    this.records.push({ owner, ttl, type, rdata, line });
  }

  private impliedTtl(type: string, rdata: string): number {
    if (type === "SOA") this.zoneTtl = parseTtl(rdata.slice(rdata.lastIndexOf(" ") + 1));
    const ttl = this.zoneTtl ?? this.fallbackTtl;
    if (ttl === undefined)
      throw new DnsSyntaxError(
        "ttl-missing",
        "The record has no TTL and there is no $TTL above it. Add a line such as $TTL 1h at the top.",
      );
    return ttl;
  }

  private skipSigning(line: number): void {
    if (this.signingRecords++ > 0) return;
    const message =
      "DNSSEC signatures and keys in the file (RRSIG, NSEC, DNSKEY and so on) are left out: the nameserver signs the zone itself.";
    this.report({ severity: "warning", code: "dnssec-left-out", message, line });
  }

  /** `$GENERATE range owner [ttl] [class] type data`, BIND's extension. */
  private generate({ tokens, line }: Entry): void {
    const [, range, owner] = tokens;
    if (!range || !owner)
      throw new DnsSyntaxError(
        "generate-syntax",
        "$GENERATE needs a range, a name, a type and data, such as $GENERATE 1-9 host$ A 192.0.2.$",
      );
    const { start, stop, step, count } = parseRange(range.text);
    const { ttl, code, next } = readHead(tokens, 3);
    this.generated += count;
    if (this.generated > this.limits.maxGenerate) {
      this.stop(
        "too-many-generated",
        `$GENERATE makes more than ${this.limits.maxGenerate} records, the limit here. Use a smaller range.`,
        line,
      );
    }
    const template = generateTemplate(tokens.slice(next));
    for (let value = start; value <= stop; value += step) {
      const name = parseName(substitute(owner.text, value), this.origin);
      const data = substitute(template, value);
      this.generatedLength += data.length;
      if (this.generatedLength > MAX_GENERATED_TEXT) {
        this.stop(
          "too-many-generated",
          `$GENERATE makes more than ${MAX_GENERATED_TEXT} characters. Use a smaller range.`,
          line,
        );
      }
      this.add(name, ttl, code, tokenize(data), line);
      this.lastOwner = name;
    }
    this.lastOwnerWord = "";
  }
}

function readHead(tokens: readonly Token[], start: number): Head {
  let ttl: number | undefined;
  let hasClass = false;
  for (let at = start; at < tokens.length; at++) {
    const word = tokens[at]?.text ?? "";
    const first = word.charCodeAt(0);
    if (first >= 0x30 && first <= 0x39) {
      if (ttl !== undefined)
        throw new DnsSyntaxError(
          "ttl-syntax",
          `${quoteInput(word)} stands where the type belongs: there is a TTL already. Remove one.`,
        );
      ttl = parseTtl(word);
    } else if (!hasClass && isClass(word)) hasClass = true;
    else {
      const code = cachedTypeCode(word);
      if (isMetaType(code))
        throw new DnsSyntaxError(
          "type-unknown",
          `${quoteInput(word)} is a type for queries, not for zones. Remove the record.`,
        );
      return { ttl, code, next: at + 1 };
    }
  }
  throw new DnsSyntaxError("rdata-fields", "The record has no type. Write NAME TTL IN TYPE DATA.");
}

/** @returns whether the word is the class IN. @throws DnsSyntaxError "class" for another class. */
function isClass(word: string): boolean {
  if (word === "IN") return true;
  const upper = word.toUpperCase();
  if (upper === "IN" || upper === "CLASS1") return true;
  if (/^(CH|CHAOS|HS|HESIOD|CS|CSNET|NONE|CLASS\d+)$/.test(upper)) {
    throw new DnsSyntaxError(
      "class",
      `${quoteInput(word)} is not the class IN. Only zones of class IN are kept here; remove the record.`,
    );
  }
  return false;
}
