import { DnsSyntaxError } from "@/lib/dns/errors";
import { fromUserInput, parseName } from "@/lib/dns/name";

/** Which zone a file is about, and what said so. */
export interface NamedFile {
  readonly name: string;
  readonly from: "soa" | "origin" | "file-name";
}

/** Names of files, not of zones, at their end and their start: example.com.db, db.example.com, pri.example.com, example.com.hosts. */
const SUFFIX = /\.(?:db|zone|zonefile|txt|hosts|dns|bind|conf|bak)$/i;
const PREFIX = /^(?:db|pri|master|zone)\./i;

/**
 * Finds the zone that a file holds before it is parsed: the owner of the SOA where that can be told, otherwise the first $ORIGIN, otherwise the name of the file.
 * @returns null when nothing says it: the person has to.
 */
export function nameOfZoneFile(fileName: string, text: string): NamedFile | null {
  let origin: string | null = null;
  for (const line of significantLines(text)) {
    const directive = /^\$ORIGIN\s+(\S+)/i.exec(line)?.[1];
    if (directive) {
      // A later, relative $ORIGIN is below the first one and not the zone.
      origin ??= absolute(directive, null);
      continue;
    }
    const owner = /^(\S+)\s+(?:\S+\s+){0,2}SOA\s/i.exec(line)?.[1];
    const name = owner && owner !== "@" ? absolute(owner, origin) : null;
    if (name) return { name, from: "soa" };
    if (/\sSOA\s/i.test(line)) break;
  }
  if (origin) return { name: origin, from: "origin" };
  const named = nameOfFile(fileName);
  return named === null ? null : { name: named, from: "file-name" };
}

/** The lines up to the SOA without comments; a zone of a million records is not split for it. */
function* significantLines(text: string): Generator<string> {
  const head = text.slice(0, 100_000);
  for (const line of head.split(/\r?\n/)) {
    // Not /;.*$/: on a line of semicolons that ends in a character which "." does not match, that takes time squared, half a minute here.
    const [code = ""] = line.split(";", 1);
    const bare = code.trimEnd();
    if (bare.trim() !== "") yield bare.startsWith("\uFEFF") ? bare.slice(1) : bare;
  }
}

function absolute(text: string, origin: string | null): string | null {
  return quietly(() => parseName(text, origin ?? undefined));
}

function nameOfFile(fileName: string): string | null {
  const base = fileName.split(/[\\/]/).at(-1) ?? "";
  const bare = base.replace(SUFFIX, "").replace(PREFIX, "");
  return bare.includes(".") ? quietly(() => fromUserInput(bare)) : null;
}

/** A name that is none is no answer here; the parser tells what is wrong with it afterwards. */
function quietly(read: () => string): string | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof DnsSyntaxError) return null;
    throw error;
  }
}
