import { type Database, join } from "@/lib/db/database";
import type { SearchTerm } from "./queries-search";

/** Shown under a zone's name; the zone itself has them all. */
const SHOWN = 2;
const MAX_LENGTH = 300;

/**
 * The records of some zones (a page of them) in which the term was found, as one line each: "owner TYPE rdata".
 * @returns by zone name. Empty for a zone whose index is newer or older than its text.
 */
export async function matchingRecords(
  db: Database,
  zones: readonly { name: string; changeSeq: number | bigint }[],
  term: SearchTerm,
): Promise<Map<string, string[]>> {
  if (zones.length === 0) return new Map();
  const seqs = zones.map((zone) => BigInt(zone.changeSeq));
  const revisions = await db.client.$queryRaw<{ seq: number | bigint; text: string }[]>`
    SELECT "seq", "text" FROM "Revision" WHERE "seq" IN (${join(seqs)})`;
  const texts = new Map(revisions.map((revision) => [Number(revision.seq), revision.text]));
  return new Map(zones.map((zone) => [zone.name, findLines(texts.get(Number(zone.changeSeq)) ?? "", term)]));
}

function findLines(text: string, term: SearchTerm): string[] {
  const lower = text.toLowerCase();
  const found: string[] = [];
  for (let at = 0; found.length < SHOWN; ) {
    const hits = term.contents.map((content) => lower.indexOf(content, at)).filter((hit) => hit >= 0);
    if (hits.length === 0) break;
    const hit = Math.min(...hits);
    const start = text.lastIndexOf("\n", hit) + 1;
    const end = text.indexOf("\n", hit) < 0 ? text.length : text.indexOf("\n", hit);
    const [owner = "", , , ...rest] = text.slice(start, end).split(" ");
    found.push(cutAround([owner, ...rest].join(" "), term));
    at = end + 1;
  }
  return found;
}

/** A long TXT record, cut so that the match is still in it. */
function cutAround(line: string, term: SearchTerm): string {
  if (line.length <= MAX_LENGTH) return line;
  const hit = Math.max(0, ...term.contents.map((content) => line.toLowerCase().indexOf(content)));
  const from = Math.max(0, hit - MAX_LENGTH / 2);
  return `${from > 0 ? "…" : ""}${line.slice(from, from + MAX_LENGTH)}…`;
}
