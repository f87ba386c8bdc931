import { DnsSyntaxError, quoteInput } from "./errors";
import { relativeName } from "./name";
import type { RRset, Zone, ZoneProblem } from "./zone";
import { compareRRsets, makeZone } from "./zone-build";
import { ZoneLines } from "./zone-lines";
import { DEFAULT_LIMITS, type ZoneFileLimits, ZoneReader } from "./zone-reader";
import { parseStamp, type ZoneStamp } from "./zone-stamp";

/** Here too, because a stamp is part of a zone file. */
export { formatStamp } from "./zone-stamp";

export interface ParseOptions {
  /** The apex: canonical name. Also the first $ORIGIN. */
  readonly origin: string;
  /** Seconds, for records without a TTL where the file says nothing. Without it such a record is an error. */
  readonly defaultTtl?: number;
  readonly limits?: Partial<ZoneFileLimits>;
}

export interface ParsedZoneFile {
  /** `null` when there is an error among the problems. */
  readonly zone: Zone | null;
  /** In the order of the file, at most about a hundred. What the records say is checked by `validateZone`, not here. */
  readonly problems: ZoneProblem[];
  /** For `validateZone`. */
  readonly lines: ZoneLines;
  /** The stamp in the first comment of a file that passed through WHM, or `null`. */
  readonly stamp: ZoneStamp | null;
}

/**
 * Reads a zone file (RFC 1035 §5, RFC 2308 §4 $TTL, RFC 3597, RFC 9460, BIND's $GENERATE and time units). Never throws on any text, and takes
 * time linear in its length: every problem is collected with its line and what to do.
 */
export function parseZoneFile(text: string, options: ParseOptions): ParsedZoneFile {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const refusal = refuseText(text, limits.maxBytes);
  if (refusal) return { zone: null, problems: [refusal], lines: new ZoneLines([]), stamp: null };
  const body = text.startsWith("\ufeff") ? text.slice(1) : text;
  const reader = new ZoneReader(options.origin, options.defaultTtl, limits);
  reader.read(body);
  const { problems, records } = reader;
  const lines = new ZoneLines(records);
  if (records.length === 0 && problems.length === 0) {
    problems.push({
      severity: "error",
      code: "no-records",
      message: "The text holds no records. Paste a zone file.",
      line: 1,
    });
  }
  const stamp = parseStamp(body);
  if (problems.some(({ severity }) => severity === "error")) return { zone: null, problems, lines, stamp };
  return { zone: build(options.origin, reader), problems, lines, stamp };
}

/** The file is no text that could be a zone: one problem instead of a hundred. */
function refuseText(text: string, maxBytes: number): ZoneProblem | null {
  const problem = (code: string, message: string, at = 0): ZoneProblem => {
    const line = (text.slice(0, at).match(/\n/g)?.length ?? 0) + 1;
    return { severity: "error", code, message, line };
  };
  if (text.length > maxBytes) {
    return problem(
      "too-large",
      `The text has ${text.length} characters; at most ${maxBytes} are taken. Split the zone.`,
    );
  }
  const nul = text.indexOf("\0");
  if (nul >= 0)
    return problem("not-text", "This is not a text file in UTF-8. Save the zone file as UTF-8 and try again.", nul);
  const broken = text.indexOf("\ufffd");
  if (broken >= 0) {
    return problem(
      "not-utf8",
      "A character here is not UTF-8. Save the file as UTF-8, or write the octets as \\DDD.",
      broken,
    );
  }
  return null;
}

/** Warnings about single records beyond this many say nothing new. */
const MAX_NOTES = 50;

function build(apex: string, { records, problems }: ZoneReader): Zone {
  let notes = 0;
  return makeZone(apex, records, ({ code, record, ttl }) => {
    if (notes++ >= MAX_NOTES) return;
    const { owner, type, line } = record;
    const message =
      code === "duplicate-record"
        ? `The ${type} record of ${owner} is there twice. It is kept once; remove this line.`
        : `The ${type} records of ${owner} have different TTLs. The lowest, ${ttl}, is taken for all; write the same TTL on each.`;
    problems.push({ severity: "warning", code, message, line, owner, type });
  });
}

/**
 * The canonical text of a zone: one record a line, absolute owner, TTL, class, type and canonical rdata with single spaces between them, in canonical
 * order, with a line end behind the last. Equal zones have equal text. It is what the database holds and what `digestZone` hashes.
 */
export function formatZone(zone: Zone): string {
  let text = "";
  for (const { owner, ttl, type, rdatas } of zone.rrsets) {
    const head = `${owner} ${ttl} IN ${type} `;
    for (const rdata of rdatas) text += `${head}${rdata}\n`;
  }
  return text;
}

/**
 * Reads text that `formatZone` wrote, many times faster than `parseZoneFile`. The shape and order of every line are checked; names and rdata are
 * taken as they are, since they were canonical when they were written.
 * @throws DnsSyntaxError "canonical-form" for anything else, such as a damaged row.
 */
export function parseCanonicalZone(text: string, apex: string): Zone {
  if (/[^\x20-\x7e\n]/.test(text)) throw damaged(apex, "a character that canonical text never holds");
  const rrsets: { owner: string; type: string; ttl: number; rdatas: string[] }[] = [];
  let last: (typeof rrsets)[number] | undefined;
  let lastTtl = "";
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf("\n", at);
    const ownerEnd = text.indexOf(" ", at);
    const ttlEnd = text.indexOf(" ", ownerEnd + 1);
    const typeEnd = text.indexOf(" ", ttlEnd + 4);
    if (end < 0 || typeEnd < 0 || typeEnd + 1 >= end || !text.startsWith("IN ", ttlEnd + 1))
      throw damaged(apex, text.slice(at, at + 80));
    const owner = text.slice(at, ownerEnd);
    const ttlText = text.slice(ownerEnd + 1, ttlEnd);
    const type = text.slice(ttlEnd + 4, typeEnd);
    const rdata = text.slice(typeEnd + 1, end);
    if (last && last.owner === owner && last.type === type) {
      if (ttlText !== lastTtl || rdata <= (last.rdatas.at(-1) ?? "")) throw damaged(apex, text.slice(at, end));
      last.rdatas.push(rdata);
    } else {
      const rrset = { owner, type, ttl: Number(ttlText), rdatas: [rdata] };
      if (!isHead(owner, ttlText, type) || (last && compareRRsets(apex, last, rrset) >= 0))
        throw damaged(apex, text.slice(at, end));
      rrsets.push(rrset);
      last = rrset;
      lastTtl = ttlText;
    }
    at = end + 1;
  }
  return { apex, rrsets };
}

function isHead(owner: string, ttl: string, type: string): boolean {
  return owner.endsWith(".") && /^(?:0|[1-9]\d{0,9})$/.test(ttl) && /^[A-Z][A-Z0-9-]*$/.test(type);
}

function damaged(apex: string, place: string): DnsSyntaxError {
  return new DnsSyntaxError(
    "canonical-form",
    `The stored text of ${apex} is damaged at ${quoteInput(place)}. Restore another revision.`,
  );
}

const SOA_NOTES = ["serial", "refresh", "retry", "expire", "negative caching TTL"];

/** The zone for people: $ORIGIN, $TTL, relative owners in columns, the SOA over several lines. `parseZoneFile` reads the same zone from it. */
export function formatZoneFile(zone: Zone): string {
  const { apex, rrsets } = zone;
  const zoneTtl = commonTtl(rrsets);
  const owners = rrsets.map(({ owner }) => relativeName(owner, apex));
  const width = Math.min(30, Math.max(1, ...owners.slice(0, 10_000).map((owner) => owner.length)));
  let text = `$ORIGIN ${apex}\n$TTL ${zoneTtl}\n`;
  for (const [index, { owner, ttl, type, rdatas }] of rrsets.entries()) {
    let shown = owner === rrsets[index - 1]?.owner ? "" : (owners[index] ?? "");
    for (const rdata of rdatas) {
      const head = `${shown.padEnd(width)} ${(ttl === zoneTtl ? "" : String(ttl)).padEnd(6)} IN ${type.padEnd(5)}`;
      text += `${head} ${type === "SOA" ? wrapSoa(rdata, width) : rdata}\n`;
      shown = "";
    }
  }
  return text;
}

function wrapSoa(rdata: string, width: number): string {
  const [mname = "", rname = "", ...numbers] = rdata.split(" ");
  const indent = " ".repeat(width + 1);
  const lines = numbers.map((number, index) => `${indent}${number.padEnd(10)} ; ${SOA_NOTES[index]}`);
  return `${mname} ${rname} (\n${lines.join("\n")}\n${indent})`;
}

/** The TTL that most RRsets have. */
function commonTtl(rrsets: readonly RRset[]): number {
  const counts = new Map<number, number>();
  for (const { ttl } of rrsets) counts.set(ttl, (counts.get(ttl) ?? 0) + 1);
  let [common, most] = [3600, 0];
  for (const [ttl, count] of counts) if (count > most) [common, most] = [ttl, count];
  return common;
}
